import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogRecorder } from '../test/fixtures.ts'
import { openMasterKeys } from './master-keys.ts'
import { deriveMasterKey } from './vault.ts'

const FIRST = '11'.repeat(32)
const SECOND = '22'.repeat(32)

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'executor-keys-'))
})
afterEach(() => rm(directory, { recursive: true }))

function inUse(...keyIds: string[]) {
  const rows = {
    findOtherKeyId: async (known: readonly string[]) =>
      keyIds.find((id) => !known.includes(id)) ?? null,
  }
  return { rows, log: createLogRecorder() }
}
async function idOf(text: string) {
  return (await deriveMasterKey(text)).id
}

describe('openMasterKeys', () => {
  it('makes a key file at the first start and finds it at the next', async () => {
    const first = await openMasterKeys({ directory }, inUse())
    const next = await openMasterKeys({ directory }, inUse(first[0]?.id ?? ''))

    expect(next.map(({ id }) => id)).toEqual(first.map(({ id }) => id))
  })

  it('makes no key file where a key is given', async () => {
    await openMasterKeys({ secretKey: FIRST, directory }, inUse())

    expect(await readdir(directory)).toEqual([])
  })

  it('encrypts with the given key and still decrypts with the others', async () => {
    await writeFile(join(directory, 'secret.key'), `${SECOND}\n${FIRST}\n`)

    const keys = await openMasterKeys(
      { secretKey: FIRST, previousSecretKey: '33'.repeat(32), directory },
      inUse(await idOf(SECOND)),
    )

    expect(keys.map(({ id }) => id)).toEqual([
      await idOf(FIRST),
      await idOf('33'.repeat(32)),
      await idOf(SECOND),
    ])
  })

  it('says which key is expected when another one is given', async () => {
    const expected = await idOf(FIRST)

    const start = openMasterKeys({ secretKey: SECOND }, inUse(expected))

    await expect(start).rejects.toMatchObject({
      code: 'failed_precondition',
      reason: 'secret_key_mismatch',
      message: `Stored credentials were encrypted with the key ${expected}, and the keys given are ${await idOf(SECOND)}. Start with the key that made them (EXECUTOR_SECRET_KEY, EXECUTOR_SECRET_KEY_PREVIOUS or secret.key in the data directory).`,
    })
  })

  it('makes no other key when the key file is lost', async () => {
    const start = openMasterKeys({ directory }, inUse(await idOf(FIRST)))

    await expect(start).rejects.toMatchObject({
      reason: 'secret_key_mismatch',
      message: expect.stringContaining('secret.key is missing'),
    })
    expect(await readdir(directory)).toEqual([])
  })

  it('asks for a key where there is no data directory either', async () => {
    await expect(openMasterKeys({}, inUse())).rejects.toMatchObject({
      reason: 'secret_key_missing',
    })
  })

  it('warns of a key file that others may read', async () => {
    await writeFile(join(directory, 'secret.key'), FIRST, { mode: 0o644 })
    const deps = inUse()

    await openMasterKeys({ directory }, deps)

    expect(deps.log.lines).toMatchObject([
      { level: 'warn', message: 'key file is readable by other accounts' },
    ])
    expect(JSON.stringify(deps.log.lines)).not.toContain(
      await readFile(join(directory, 'secret.key'), 'utf8'),
    )
  })
})

import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeyFile, readKeyFile } from './key-file.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'executor-key-'))
})
afterEach(() => rm(directory, { recursive: true }))

describe('createKeyFile', () => {
  it('makes one key that nobody else may read', async () => {
    const { path, keys } = await createKeyFile(directory)

    expect(keys).toHaveLength(1)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(directory)).toEqual(['secret.key'])
  })

  it('makes the data directory where there is none', async () => {
    const { keys } = await createKeyFile(join(directory, 'data', 'executor'))

    expect(keys).toHaveLength(1)
  })

  it('gives the same key to every process that starts at once', async () => {
    const files = await Promise.all(Array.from({ length: 8 }, () => createKeyFile(directory)))

    expect(new Set(files.map((file) => file.keys[0])).size).toBe(1)
    expect(await readdir(directory)).toEqual(['secret.key'])
  })
})

describe('readKeyFile', () => {
  it('answers no key where there is no file', async () => {
    const { keys } = await readKeyFile(directory)

    expect(keys).toEqual([])
  })

  it('reads one key a line', async () => {
    await writeFile(join(directory, 'secret.key'), 'newer\r\n\n  older \n')

    const { keys } = await readKeyFile(directory)

    expect(keys).toEqual(['newer', 'older'])
  })

  it('refuses an empty file instead of making another key', async () => {
    await writeFile(join(directory, 'secret.key'), '\n')

    await expect(readKeyFile(directory)).rejects.toMatchObject({ reason: 'secret_key_empty' })
  })

  it('says when other accounts may read the file', async () => {
    const { path, isExposed } = await createKeyFile(directory)
    await chmod(path, 0o644)

    expect(isExposed).toBe(false)
    expect((await readKeyFile(directory)).isExposed).toBe(true)
  })
})

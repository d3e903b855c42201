import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acquireDataDirectory, findDirectoryOwner } from './data-directory.ts'

describe('acquireDataDirectory', () => {
  let folder: string
  let children: ChildProcess[]

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'executor-directory-'))
    children = []
  })
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })

  /** Another process that takes the directory and holds it until it is killed. */
  async function startHolder(path: string): Promise<ChildProcess> {
    const script = `
      import { acquireDataDirectory } from ${JSON.stringify(join(import.meta.dirname, 'data-directory.ts'))}
      await acquireDataDirectory(${JSON.stringify(path)}, { origin: 'http://127.0.0.1:4788' })
      process.stdout.write('held')
      setInterval(() => {}, 1000)
    `
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    await once(child.stdout, 'data')
    return child
  }

  it('makes the directory for its owner alone', async () => {
    const path = join(folder, 'a', 'b')

    const directory = await acquireDataDirectory(path)

    expect((await stat(path)).mode & 0o777).toBe(0o700)
    expect((await stat(join(path, 'owner.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(path, 'owner.lock'))).mode & 0o777).toBe(0o600)
    await directory.release()
  })

  it('refuses a second process with the pid and origin of the first', async () => {
    const holder = await startHolder(folder)

    await expect(acquireDataDirectory(folder)).rejects.toMatchObject({
      code: 'already_exists',
      reason: 'storage.directory_owned',
      details: { pid: holder.pid, origin: 'http://127.0.0.1:4788' },
    })
  })

  it('is free again after its owner was killed, whatever the owner left behind', async () => {
    const holder = await startHolder(folder)
    holder.kill('SIGKILL')
    await once(holder, 'exit')

    const directory = await acquireDataDirectory(folder)

    expect(await findDirectoryOwner(folder)).toEqual({ pid: process.pid })
    await directory.release()
  })

  it('refuses the same process too, until it releases', async () => {
    const first = await acquireDataDirectory(folder)

    await expect(acquireDataDirectory(folder)).rejects.toMatchObject({
      details: { pid: process.pid },
    })
    await first.release()

    const second = await acquireDataDirectory(folder)
    await second.release()
  })

  it('tells the origin that is announced later', async () => {
    const directory = await acquireDataDirectory(folder)

    await directory.announce('http://127.0.0.1:1234')

    expect(await findDirectoryOwner(folder)).toEqual({
      pid: process.pid,
      origin: 'http://127.0.0.1:1234',
    })
    await directory.release()
  })

  it('lets exactly one of many that start at once have it', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => acquireDataDirectory(folder)),
    )

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('takes no owner from a damaged file', async () => {
    await writeFile(join(folder, 'owner.json'), '{"pid": -1, "origin": 5')

    expect(await findDirectoryOwner(folder)).toBeNull()
  })

  it('refuses a path that is a file', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')

    await expect(acquireDataDirectory(file)).rejects.toMatchObject({
      reason: 'storage.directory_unusable',
    })
    expect(await readFile(file, 'utf8')).toBe('')
  })
})

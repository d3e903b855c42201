import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isServiceError, ServiceError } from '@executor/contracts'
import type Libsql from 'libsql'

/** A taker that finds the words of a dead owner waits for the living one to write its own. */
const INTRODUCTION_ATTEMPTS_MAX = 20
const INTRODUCTION_PAUSE_MS = 50

export interface DirectoryOwner {
  pid: number
  /** Where the owner answers, once it does: `http://127.0.0.1:4788`. */
  origin?: string | undefined
}

export interface DataDirectory {
  path: string
  /** Tells whoever is refused where this owner answers. */
  announce(origin: string): Promise<void>
  release(): Promise<void>
}

/**
 * Takes a data directory for this process alone, making it (0700) where it is missing. Throws
 * `already_exists` with reason `storage.directory_owned` and the owner's pid and origin in its
 * details while another process holds it. The lock is the operating system's, held by an open SQLite
 * transaction: it ends with the process, however that ends, and knows no clocks.
 */
export async function acquireDataDirectory(
  path: string,
  options: { origin?: string; pid?: number } = {},
): Promise<DataDirectory> {
  await makeDirectory(path)
  const release = await lock(path)
  const pid = options.pid ?? process.pid
  const introduce = (origin?: string) => writeOwner(path, { pid, origin })
  try {
    await introduce(options.origin)
  } catch (error) {
    release()
    throw toDirectoryError(path, error)
  }
  return {
    path,
    announce: introduce,
    release: async () => {
      await rm(ownerPath(path), { force: true })
      release()
    },
  }
}

/** What the owner of a directory wrote of itself; `null` when nobody did. It may have died since. */
export async function findDirectoryOwner(path: string): Promise<DirectoryOwner | null> {
  const text = await readFile(ownerPath(path), 'utf8').catch(() => null)
  if (text === null) return null
  return parseOwner(text)
}

async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw toDirectoryError(path, error)
  }
}

async function lock(path: string): Promise<() => void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await takeLock(path)
    } catch (error) {
      if (!isServiceError(error, 'storage.directory_owned')) throw error
      const owner = await findDirectoryOwner(path)
      if (isAlive(owner) || attempt === INTRODUCTION_ATTEMPTS_MAX) throw toOwnedError(path, owner)
    }
    await sleep(INTRODUCTION_PAUSE_MS)
  }
}

async function takeLock(path: string): Promise<() => void> {
  const { default: Driver } = await import('libsql')
  // A file of its own: closing any other handle on a locked file would drop the lock.
  const file = join(path, 'owner.lock')
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if (!isExisting(error)) throw toDirectoryError(path, error)
  }
  let database: Libsql.Database | undefined
  try {
    database = new Driver(file)
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database?.close()
    if (error instanceof Driver.SqliteError && error.code === 'SQLITE_BUSY') {
      throw toOwnedError(path, null)
    }
    throw toDirectoryError(path, error)
  }
  const held = database
  return () => {
    held.close()
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}

function isAlive(owner: DirectoryOwner | null): boolean {
  if (!owner) return false
  try {
    process.kill(owner.pid, 0)
    return true
  } catch (error) {
    // Somebody else's process: alive, but not ours to signal.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

const ownerPath = (path: string) => join(path, 'owner.json')

/** By renaming, so that a reader never meets half of it. */
async function writeOwner(path: string, owner: DirectoryOwner): Promise<void> {
  const temporary = `${ownerPath(path)}.${process.pid}`
  await writeFile(temporary, `${JSON.stringify(owner)}\n`, { mode: 0o600 })
  await rename(temporary, ownerPath(path))
}

function parseOwner(text: string): DirectoryOwner | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    if (!('pid' in value) || !Number.isSafeInteger(value.pid) || Number(value.pid) < 1) return null
    const origin = 'origin' in value && typeof value.origin === 'string' ? value.origin : undefined
    return { pid: Number(value.pid), origin }
  } catch {
    // Not ours, or damaged: as good as nothing.
    return null
  }
}

function toOwnedError(path: string, owner: DirectoryOwner | null): ServiceError {
  const who = owner ? `process ${owner.pid}` : 'another process'
  const where = owner?.origin ? ` at ${owner.origin}` : ''
  return new ServiceError(
    'already_exists',
    'storage.directory_owned',
    `The data directory ${path} is in use by ${who}${where}. Use that one, stop it, or choose another directory.`,
    { details: owner ? { ...owner } : {} },
  )
}

function toDirectoryError(path: string, cause: unknown): ServiceError {
  if (cause instanceof ServiceError) return cause
  return new ServiceError(
    'failed_precondition',
    'storage.directory_unusable',
    `The data directory ${path} cannot be used. Check that it is a directory and may be written.`,
    { cause },
  )
}

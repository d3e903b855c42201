import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { ServiceError } from '@executor/contracts'
import { generateKeyText } from './vault.ts'

const KEY_FILE = 'secret.key'
const OWNER_ONLY = 0o600
const OTHERS = 0o077

export interface KeyFile {
  path: string
  /** One key a line; the first encrypts. Empty when there is no file. */
  keys: string[]
  /** Other accounts of this machine may read it. */
  isExposed: boolean
}

export async function readKeyFile(directory: string): Promise<KeyFile> {
  const path = join(directory, KEY_FILE)
  const text = await readIfThere(path)
  if (text === null) return { path, keys: [], isExposed: false }
  const keys = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (keys.length === 0) {
    throw new ServiceError(
      'failed_precondition',
      'secret_key_empty',
      `${path} is empty. Restore it from a backup; without it stored credentials cannot be read.`,
    )
  }
  const { mode } = await stat(path)
  return { path, keys, isExposed: process.platform !== 'win32' && (mode & OTHERS) !== 0 }
}

/** Makes the file unless another process did meanwhile, and answers what is in it either way. */
export async function createKeyFile(directory: string): Promise<KeyFile> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, KEY_FILE)
  const draft = `${path}.${randomUUID()}`
  const text = `${generateKeyText()}\n`
  await writeDurably(draft, text)
  try {
    // Linking never replaces: of two first starts one wins, and nobody reads half a key.
    await link(draft, path)
  } catch (error) {
    // Some mounted file systems know no links; creating exclusively is the next best there.
    if (!isErrno(error, 'EEXIST')) await writeDurably(path, text)
  } finally {
    await unlink(draft)
  }
  await syncDirectory(directory)
  return readKeyFile(directory)
}

/** A key that a power cut loses takes every stored credential with it. */
async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', OWNER_ONLY)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null
    throw error
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

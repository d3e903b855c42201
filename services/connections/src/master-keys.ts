import { ServiceError } from '@executor/contracts'
import { createKeyFile, type KeyFile, readKeyFile } from './key-file.ts'
import type { Log } from './log.ts'
import type { SecretRows } from './providers/encrypted.ts'
import { deriveMasterKey, type MasterKey } from './vault.ts'

export interface KeySources {
  /** `EXECUTOR_SECRET_KEY`. */
  secretKey?: string | undefined
  /** `EXECUTOR_SECRET_KEY_PREVIOUS`: decrypts what is not rotated yet. */
  previousSecretKey?: string | undefined
  /** Where `secret.key` is, or is made when there is no other key. */
  directory?: string | undefined
}

/**
 * The keys to start with, the encrypting one first. Throws `failed_precondition` when stored values
 * need a key that is not among them: better at the start than at somebody's call.
 */
export async function openMasterKeys(
  sources: KeySources,
  { rows, log }: { rows: Pick<SecretRows, 'findOtherKeyId'>; log: Log },
): Promise<MasterKey[]> {
  const file = sources.directory ? await readKeyFile(sources.directory) : null
  if (file?.isExposed) log.warn({ path: file.path }, 'key file is readable by other accounts')
  const given = [sources.secretKey, sources.previousSecretKey, ...(file?.keys ?? [])]
  const texts = given.filter((text) => text !== undefined)
  const keys = await deriveAll(texts.length > 0 ? texts : await firstKey(sources, file, rows))
  await assertKeysFit(keys, rows)
  return keys
}

/** One after the other: stretching a passphrase takes memory. */
async function deriveAll(texts: readonly string[]): Promise<MasterKey[]> {
  const keys = new Map<string, MasterKey>()
  for (const text of texts) {
    const key = await deriveMasterKey(text)
    if (!keys.has(key.id)) keys.set(key.id, key)
  }
  return [...keys.values()]
}

async function firstKey(
  { directory }: KeySources,
  file: KeyFile | null,
  rows: Pick<SecretRows, 'findOtherKeyId'>,
): Promise<string[]> {
  if (!directory || !file) {
    throw new ServiceError(
      'failed_precondition',
      'secret_key_missing',
      'Set EXECUTOR_SECRET_KEY, which encrypts credentials. Make one: openssl rand -base64 32',
    )
  }
  // A key made now would open nothing and hide that the right one is missing.
  const expected = await rows.findOtherKeyId([])
  if (expected !== null) throw mismatch(expected, `there is no key: ${file.path} is missing`)
  const { keys } = await createKeyFile(directory)
  return keys
}

async function assertKeysFit(
  keys: readonly MasterKey[],
  rows: Pick<SecretRows, 'findOtherKeyId'>,
): Promise<void> {
  const ids = keys.map((key) => key.id)
  const expected = await rows.findOtherKeyId(ids)
  if (expected !== null) throw mismatch(expected, `the keys given are ${ids.join(', ')}`)
}

function mismatch(expected: string, found: string): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'secret_key_mismatch',
    `Stored credentials were encrypted with the key ${expected}, and ${found}. Start with the key that made them (EXECUTOR_SECRET_KEY, EXECUTOR_SECRET_KEY_PREVIOUS or secret.key in the data directory).`,
    { details: { expected } },
  )
}

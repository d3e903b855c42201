import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  scrypt,
} from 'node:crypto'
import { promisify } from 'node:util'
import { invariant, Secret, ServiceError } from '@executor/contracts'

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16
const VERSION = 'v1'
const PASSPHRASE_CHARS_MIN = 32
/** About 32 MiB and 80 ms, once per passphrase and start. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
/** One salt for all: what a key opens must open after a move to another host and database. */
const SCRYPT_SALT = 'executor.connections.passphrase.v1'

const stretch = promisify<string, string, number, typeof SCRYPT, Buffer>(scrypt)

/** What encrypts values; `id` says which it is and nothing about it. */
export interface MasterKey {
  id: string
  key: KeyObject
}

export interface Sealed {
  keyId: string
  text: string
}

export interface Vault {
  /** The first encrypts, all of them decrypt. */
  keyIds: string[]
  /** `binding` names the place the value is kept in; it opens nowhere else. */
  seal(value: Secret, binding: readonly string[]): Sealed
  /** `null` when no key of ours made it for this place, or when it was tampered with. */
  open(sealed: Sealed, binding: readonly string[]): Secret | null
}

/**
 * A key of 32 bytes in hex or base64 is used as it is, anything else is a passphrase. Throws
 * `invalid_argument` (`secret_key_weak`) for a short one.
 */
export async function deriveMasterKey(given: string): Promise<MasterKey> {
  // Keys come from files and shells, which add line ends.
  const text = given.trim()
  const material = toKeyBytes(text) ?? (await stretchPassphrase(text))
  return {
    id: expand(material, 'key-id', 8).toString('hex'),
    key: createSecretKey(expand(material, `secret.${VERSION}`, KEY_BYTES)),
  }
}

/** A random key, as the text that `deriveMasterKey` takes. */
export function generateKeyText(): string {
  return randomBytes(KEY_BYTES).toString('base64')
}

export function createVault(keys: readonly MasterKey[]): Vault {
  const [first] = keys
  invariant(first, 'a vault needs a key')
  const byId = new Map(keys.map((key) => [key.id, key.key]))
  return {
    keyIds: [...byId.keys()],
    seal: (value, binding) => ({ keyId: first.id, text: encrypt(first, value, binding) }),
    open({ keyId, text }, binding) {
      const key = byId.get(keyId)
      return key ? decrypt({ id: keyId, key }, text, binding) : null
    },
  }
}

function encrypt({ id, key }: MasterKey, value: Secret, binding: readonly string[]): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(associatedData(id, binding))
  const body = Buffer.concat([cipher.update(value.reveal(), 'utf8'), cipher.final()])
  const sealed = Buffer.concat([iv, cipher.getAuthTag(), body])
  return `${VERSION}.${sealed.toString('base64url')}`
}

function decrypt({ id, key }: MasterKey, text: string, binding: readonly string[]): Secret | null {
  const [version, encoded] = text.split('.')
  const sealed = Buffer.from(encoded ?? '', 'base64url')
  if (version !== VERSION || sealed.length < IV_BYTES + TAG_BYTES) return null
  const body = sealed.subarray(IV_BYTES + TAG_BYTES)
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(associatedData(id, binding))
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  const opened = decipher.update(body)
  try {
    return new Secret(Buffer.concat([opened, decipher.final()]).toString('utf8'))
  } catch {
    // The tag does not fit: tampered with, moved from another place, or made by another key.
    return null
  }
}

/** Authenticated beside the value, so that a row copied over another does not open. */
function associatedData(keyId: string, binding: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify([VERSION, keyId, ...binding]))
}

function toKeyBytes(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return null
  return Buffer.from(text, 'base64')
}

async function stretchPassphrase(text: string): Promise<Buffer> {
  if (text.length < PASSPHRASE_CHARS_MIN) {
    throw new ServiceError(
      'invalid_argument',
      'secret_key_weak',
      `A secret key is 32 bytes in base64 or hex, or a passphrase of at least ${PASSPHRASE_CHARS_MIN} characters. Make one: openssl rand -base64 32`,
    )
  }
  return stretch(text.normalize('NFKC'), SCRYPT_SALT, KEY_BYTES, SCRYPT)
}

function expand(material: Buffer, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', material, '', `executor.connections.${purpose}`, bytes))
}

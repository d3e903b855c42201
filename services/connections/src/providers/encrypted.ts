import type { Secret } from '@executor/contracts'
import type { Log } from '../log.ts'
import type { Vault } from '../vault.ts'
import type { Item, WritableProvider } from './provider.ts'

/** A value as it is kept: opened by the key of that id, in this place, or not at all. */
export interface SecretRow extends Item {
  keyId: string
  sealed: string
  createdAt: number
}

/** The table of encrypted values, as the domain needs it. */
export interface SecretRows {
  findSecret(item: Item): Promise<SecretRow | null>
  insertSecret(row: SecretRow): Promise<void>
  removeSecrets(items: readonly Item[]): Promise<void>
  /** Some key id that is in use and not among these. */
  findOtherKeyId(keyIds: readonly string[]): Promise<string | null>
  /** A page in the order of places. */
  listSecrets(filter: SecretFilter): Promise<SecretRow[]>
  /** Replaces a row that still has the key `from`; false when it is gone or was done already. */
  resealSecret(row: SecretRow, from: string): Promise<boolean>
}

export interface SecretFilter {
  limit: number
  /** Where the page goes on: behind this place, whether or not something is still there. */
  after?: Item | undefined
  exceptKeyId?: string
  /** Milliseconds since 1970. */
  createdBefore?: number
}

interface EncryptedOptions {
  rows: SecretRows
  vault: Vault
  clock: () => number
  log: Log
}

/** Keeps values in our own database, encrypted by a key that is not in it. */
export function createEncryptedProvider({
  rows,
  vault,
  clock,
  log,
}: EncryptedOptions): WritableProvider {
  return {
    key: 'encrypted',
    writable: true,
    async get(item) {
      const row = await rows.findSecret(item)
      if (!row) return null
      const value = openRow(vault, row)
      if (!value) log.error({ tenant: item.tenant, keyId: row.keyId }, 'stored value does not open')
      return value
    },
    async set(item, value) {
      await rows.insertSecret(sealRow(vault, { ...item, createdAt: clock() }, value))
    },
    remove: (items) => rows.removeSecrets(items),
  }
}

export function openRow(vault: Vault, row: SecretRow): Secret | null {
  return vault.open({ keyId: row.keyId, text: row.sealed }, binding(row))
}

export function sealRow(
  vault: Vault,
  item: Item & { createdAt: number },
  value: Secret,
): SecretRow {
  const { tenant, owner, subject, id, createdAt } = item
  const { keyId, text } = vault.seal(value, binding(item))
  return { tenant, owner, subject, id, keyId, sealed: text, createdAt }
}

function binding({ tenant, owner, subject, id }: Item): string[] {
  return [tenant, owner, subject, id]
}

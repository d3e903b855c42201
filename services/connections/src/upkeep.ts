import type { ConnectionKey, ConnectionRow, ConnectionRows } from './connection.ts'
import { isSessionItemId, parseClientItemId, parseItemId } from './item-id.ts'
import type { Log } from './log.ts'
import type { OauthClientRows } from './oauth/client.ts'
import type { OauthSessionRows } from './oauth/session.ts'
import {
  openRow,
  type SecretFilter,
  type SecretRow,
  type SecretRows,
  sealRow,
} from './providers/encrypted.ts'
import type { Item } from './providers/provider.ts'
import type { Vault } from './vault.ts'

/** Each is one arm of an OR, of which SQLite takes a thousand at most. */
const PAGE_ROWS = 100
/** Milliseconds a value may be without its connection: saving one writes the values first. */
const ORPHAN_AGE_MS = 3_600_000

export interface UpkeepDeps {
  store: SecretRows &
    Pick<ConnectionRows, 'findConnections'> &
    Pick<OauthClientRows, 'findOauthClient'> &
    Pick<OauthSessionRows, 'takeExpiredOauthSessions'>
  vault: Vault
  clock: () => number
  log: Log
}

type Kept = Omit<UpkeepDeps, 'log'>

/** Work on stored values that no request asks for; `close` ends it at the next page. */
export interface Upkeep {
  /** Settles when there is nothing left to do. */
  done: Promise<void>
  close(): Promise<void>
}

/**
 * Encrypts again, under the first key, what older keys encrypted, and removes values whose
 * connection, client or sign-in a crash kept from being saved or removed whole.
 */
export function startUpkeep(deps: UpkeepDeps): Upkeep {
  const stop = new AbortController()
  const done = run(deps, stop.signal)
  return {
    done,
    close() {
      stop.abort()
      return done
    },
  }
}

/** One after the other; what one cannot do keeps none of the others from being done. */
async function run({ log, ...deps }: UpkeepDeps, signal: AbortSignal): Promise<void> {
  const attempt = (task: () => Promise<void>) =>
    task().catch((error: unknown) => log.error({ err: error }, 'upkeep of stored values failed'))
  await attempt(() => removeExpiredSessions(deps, signal))
  await attempt(async () => {
    const orphaned = await removeOrphans(deps, signal)
    if (orphaned > 0) log.info({ orphaned }, 'removed values without a connection')
  })
  await attempt(async () => {
    const { resealed, unreadable } = await rotateSecrets(deps, signal)
    if (resealed > 0) log.info({ resealed }, 'encrypted stored values with the first key')
    if (unreadable > 0) log.error({ unreadable }, 'stored values do not open')
  })
}

/** Once it is through, the keys behind the first are no longer needed. */
export async function rotateSecrets(
  { store, vault }: Pick<UpkeepDeps, 'store' | 'vault'>,
  signal?: AbortSignal,
): Promise<{ resealed: number; unreadable: number }> {
  let resealed = 0
  let unreadable = 0
  const [exceptKeyId = ''] = vault.keyIds
  for await (const page of secretPages(store, { exceptKeyId }, signal)) {
    for (const row of page) {
      const value = openRow(vault, row)
      if (!value) unreadable += 1
      else if (await store.resealSecret(sealRow(vault, row, value), row.keyId)) resealed += 1
    }
  }
  return { resealed, unreadable }
}

async function removeOrphans({ store, clock }: Kept, signal: AbortSignal): Promise<number> {
  let removed = 0
  const createdBefore = clock() - ORPHAN_AGE_MS
  for await (const page of secretPages(store, { createdBefore }, signal)) {
    const held = page.map((item) => ({ item, key: parseItemId(item) }))
    const keys = held.map(({ key }) => key).filter((key) => key !== null)
    const kept = new Set((await findHolders(store, keys)).flatMap(heldItems))
    const orphans: Item[] = held
      .filter(({ item, key }) => key && !kept.has(toText(item)))
      .map(({ item }) => item)
    // No sign-in takes as long as a value may be without its owner.
    for (const { item } of held)
      if (isSessionItemId(item) || (await isOfNoClient(store, item))) orphans.push(item)
    await store.removeSecrets(orphans)
    removed += orphans.length
  }
  return removed
}

async function isOfNoClient(store: UpkeepDeps['store'], item: Item): Promise<boolean> {
  const parsed = parseClientItemId(item)
  if (!parsed) return false
  const client = await store.findOauthClient({ ...item, ...parsed })
  return client?.secretItemId !== item.id
}

async function removeExpiredSessions({ store, clock }: Kept, signal: AbortSignal) {
  while (!signal.aborted) {
    const taken = await store.takeExpiredOauthSessions(clock(), PAGE_ROWS)
    if (taken.length < PAGE_ROWS) return
  }
}

async function* secretPages(
  store: SecretRows,
  filter: Omit<SecretFilter, 'limit' | 'after'>,
  signal?: AbortSignal,
): AsyncGenerator<SecretRow[]> {
  let after: Item | undefined
  while (!signal?.aborted) {
    const page = await store.listSecrets({ ...filter, limit: PAGE_ROWS, after })
    if (page.length === 0) return
    yield page
    after = page.at(-1)
  }
}

async function findHolders(
  store: Pick<ConnectionRows, 'findConnections'>,
  keys: ConnectionKey[],
): Promise<ConnectionRow[]> {
  return keys.length > 0 ? store.findConnections(keys) : []
}

function heldItems({ tenant, owner, subject, itemIds, refreshItemId }: ConnectionRow): string[] {
  const ids = [...Object.values(itemIds), ...(refreshItemId === null ? [] : [refreshItemId])]
  return ids.map((id) => toText({ tenant, owner, subject, id }))
}

function toText({ tenant, owner, subject, id }: Item): string {
  return JSON.stringify([tenant, owner, subject, id])
}

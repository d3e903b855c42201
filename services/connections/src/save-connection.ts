import { type Owner, type Secret, ServiceError, SINGLE_VARIABLE } from '@executor/contracts'
import type { ConnectionKey, ConnectionRow } from './connection.ts'
import { toItem } from './credentials.ts'
import type { HandlerDeps } from './deps.ts'
import { formatItemId, formatTokenItemId } from './item-id.ts'
import type { Item, WritableProvider } from './providers/provider.ts'

/** Others that save the same connection at the same moment; each round one of them gets through. */
export const ATTEMPTS_MAX = 8

/** Where the values of a connection come from. */
export type Values =
  | { kind: 'written'; values: ReadonlyMap<string, Secret> }
  | { kind: 'linked'; provider: string; itemIds: Record<string, string> }
  | { kind: 'tokens'; access: Secret; refresh: Secret | null; signIn: SignIn }

/** What a connection knows of the sign-in behind it. */
export interface SignIn {
  client: string
  clientOwner: Owner
  expiresAt: number | null
  /** What was granted, separated by spaces. */
  scope: string | null
  missingScopes: string[]
  /** Where tokens come from, where a region has servers of its own. */
  tokenUrl: string | null
  resource: string | null
}

export interface ConnectionDraft extends ConnectionKey {
  template: string
  values: Values
  identityLabel?: string | undefined
  description?: string | undefined
}

/**
 * Creates the connection, or replaces the credential of the one that has its name. Values are
 * written under ids of their own, then the row is swapped, then what it held before is removed: at
 * no moment does anybody read half of one credential and half of another. What a failure leaves
 * behind, upkeep removes.
 */
export async function saveConnection(
  deps: HandlerDeps,
  draft: ConnectionDraft,
): Promise<ConnectionRow> {
  const revision = deps.newId()
  const holding = await writeValues(deps, draft, revision)
  const swapped = await swapRow(deps, draft, { ...holding, revision })
  if (!swapped) {
    await removeItems(deps, holding.provider, holding.written)
    throw busyConnection(draft)
  }
  const { saved, replaced } = swapped
  deps.events.changed(saved, replaced ? 'updated' : 'created')
  if (replaced) await removeValues(deps, replaced)
  return saved
}

/** Removes the values that belong to the connection alone. */
export async function removeValues(deps: HandlerDeps, row: ConnectionRow): Promise<void> {
  await removeItems(deps, row.provider, ownItems(row))
}

export function ownItems(row: ConnectionRow): Item[] {
  if (row.linked) return []
  const ids = [...Object.values(row.itemIds), ...(row.refreshItemId ? [row.refreshItemId] : [])]
  return ids.map((id) => toItem(row, id))
}

export async function removeItems(
  { providers }: Pick<HandlerDeps, 'providers'>,
  providerKey: string,
  items: readonly Item[],
): Promise<void> {
  const provider = providers.find(providerKey)
  if (provider?.writable && items.length > 0) await provider.remove(items)
}

interface Holding {
  provider: string
  itemIds: Record<string, string>
  refreshItemId: string | null
  linked: boolean
  written: Item[]
}

async function writeValues(
  { providers }: HandlerDeps,
  draft: ConnectionDraft,
  revision: string,
): Promise<Holding> {
  if (draft.values.kind === 'linked')
    return { ...draft.values, refreshItemId: null, linked: true, written: [] }
  const { store } = providers
  if (draft.values.kind === 'tokens') {
    const tokens = await writeTokens(store, draft, draft.values, revision)
    return { ...tokens, provider: store.key, linked: false }
  }
  const entries = [...draft.values.values].map(([variable, value]) => {
    const item = toItem(draft, formatItemId(draft, variable, revision))
    return { variable, value, item }
  })
  for (const { item, value } of entries) await store.set(item, value)
  return {
    provider: store.key,
    itemIds: Object.fromEntries(entries.map(({ variable, item }) => [variable, item.id])),
    refreshItemId: null,
    linked: false,
    written: entries.map(({ item }) => item),
  }
}

/** Writes an access token and what it is replaced with, under ids that nothing was written under. */
export async function writeTokens(
  store: WritableProvider,
  key: ConnectionKey,
  { access, refresh }: { access: Secret; refresh: Secret | null },
  revision: string,
): Promise<Pick<Holding, 'itemIds' | 'refreshItemId' | 'written'>> {
  const accessItem = toItem(key, formatTokenItemId(key, 'access', revision))
  const refreshItem = toItem(key, formatTokenItemId(key, 'refresh', revision))
  await store.set(accessItem, access)
  if (refresh) await store.set(refreshItem, refresh)
  return {
    itemIds: { [SINGLE_VARIABLE]: accessItem.id },
    refreshItemId: refresh ? refreshItem.id : null,
    written: [accessItem, ...(refresh ? [refreshItem] : [])],
  }
}

/** Null when others were quicker every time. */
async function swapRow(
  { store, credentials, clock, newId }: HandlerDeps,
  draft: ConnectionDraft,
  holding: Holding & { revision: string },
): Promise<{ saved: ConnectionRow; replaced: ConnectionRow | null } | null> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const replaced = await store.findConnection(draft)
    const saved = toRow(draft, holding, { replaced, now: clock(), id: replaced?.id ?? newId() })
    try {
      const isSaved = replaced
        ? await store.replaceConnection(saved, replaced)
        : await store.insertConnection(saved)
      if (isSaved) return { saved, replaced }
    } finally {
      // Also after an error: it does not tell whether the row was swapped.
      credentials.drop(draft, replaced?.revision)
    }
  }
  return null
}

function toRow(
  draft: ConnectionDraft,
  { provider, itemIds, refreshItemId, linked, revision }: Holding & { revision: string },
  { replaced, now, id }: { replaced: ConnectionRow | null; now: number; id: string },
): ConnectionRow {
  const { tenant, owner, subject, integration, name, template, values } = draft
  const signIn = values.kind === 'tokens' ? values.signIn : null
  return {
    id,
    tenant,
    owner,
    subject,
    integration,
    name,
    template,
    provider,
    itemIds,
    linked,
    identityLabel: draft.identityLabel ?? replaced?.identityLabel ?? null,
    // People write it for agents to read; another key for the same account does not change it.
    description: replaced?.description ?? draft.description ?? null,
    expiresAt: signIn?.expiresAt ?? null,
    oauthClient: signIn?.client ?? null,
    oauthClientOwner: signIn?.clientOwner ?? null,
    oauthScope: signIn?.scope ?? null,
    refreshItemId,
    oauthTokenUrl: signIn?.tokenUrl ?? null,
    oauthResource: signIn?.resource ?? null,
    missingScopes: signIn?.missingScopes ?? [],
    consent: signIn ? revision : null,
    refreshClaim: null,
    refreshClaimEnds: null,
    lastHealth: null,
    revision,
    createdAt: replaced?.createdAt ?? now,
    updatedAt: now,
  }
}

export function busyConnection({ integration, name }: ConnectionKey): ServiceError {
  return new ServiceError(
    'unavailable',
    'connection_busy',
    `The connection "${name}" for ${integration} is being changed by others. Try again.`,
  )
}

import type { Handler } from '@executor/bus'
import type { catalog, SearchItem } from '@executor/contracts'
import { type Account, createHiddenTools, listAccounts, listRules } from '../accounts.ts'
import type { CatalogDeps } from '../deps.ts'
import { searchIndexes } from '../search/search.ts'
import type { ListingEntry } from '../snapshots.ts'

/** One snapshot, and the accounts it is reached through. */
interface Group {
  integration: string
  accounts: { account: Account; hidden: ((tool: string) => boolean) | null }[]
}

/** One result for each operation, with every account it can be called through. */
export function searchTools(deps: CatalogDeps): Handler<typeof catalog.searchTools> {
  return async ({ query, namespace, limit, offset }, context) => {
    const { tenant } = context.principal
    const [accounts, rules] = await Promise.all([
      listAccounts(deps, context, namespace ? { integration: integrationOf(namespace) } : {}),
      listRules(deps, context),
    ])
    const hiddenOf = createHiddenTools(rules)
    const groups = new Map<string, Group>()
    for (const account of accounts) {
      if (namespace && !within(account, namespace)) continue
      const key = `${account.integration.slug}/${account.snapshot}`
      const group = groups.get(key) ?? { integration: account.integration.slug, accounts: [] }
      group.accounts.push({ account, hidden: hiddenOf(account) })
      groups.set(key, group)
    }

    const snapshotOf = (group: Group) => group.accounts[0]?.account.snapshot ?? ''
    const indexes = await deps.snapshots.indexes(tenant, groups.values().map(snapshotOf))
    const loaded = await Promise.all(
      [...groups].map(async ([key, group]) => {
        const snapshot = snapshotOf(group)
        const isOpen = !namespace && group.accounts.some(({ hidden }) => hidden === null)
        const names = isOpen ? null : await deps.snapshots.names(tenant, snapshot)
        return { key, group, snapshot, index: indexes.get(snapshot), names }
      }),
    )
    const byKey = new Map(loaded.map((entry) => [entry.key, entry]))
    const found = searchIndexes(
      loaded.flatMap(({ key, group, index, names }) => {
        if (!index) return []
        const allows = (ordinal: number) => {
          if (names === null) return true
          const name = names[ordinal]
          return name !== undefined && group.accounts.some((a) => reaches(a, name, namespace))
        }
        return [{ key, integration: group.integration, index, allows }]
      }),
      query,
      { limit, offset },
    )

    const shown = new Map<string, Map<number, ListingEntry>>()
    for (const [key, hits] of Map.groupBy(found.items, (hit) => hit.key)) {
      const snapshot = byKey.get(key)?.snapshot ?? ''
      const ordinals = hits.map(({ ordinal }) => ordinal)
      shown.set(key, await deps.snapshots.listingsAt(tenant, snapshot, ordinals))
    }
    const items = found.items.flatMap(({ key, ordinal, score }): SearchItem[] => {
      const entry = byKey.get(key)
      const listing = shown.get(key)?.get(ordinal)
      if (!entry || !listing) return []
      const reaching = entry.group.accounts.filter((a) => reaches(a, listing.name, namespace))
      const first = reaching[0]
      if (!first) return []
      return [
        {
          path: `${first.account.path}.${listing.name}`,
          name: listing.name,
          description: listing.description,
          integration: entry.group.integration,
          score,
          requiresApproval: listing.requiresApproval,
          accounts: reaching.map(({ account }) => `${account.owner}.${account.connection}`),
        },
      ]
    })
    const next = offset + items.length
    const hasMore = next < found.total
    return { items, total: found.total, hasMore, nextOffset: hasMore ? next : null }
  }
}

/** An address, or its beginning, without what may stand around it. */
function toPrefix(namespace: string): string {
  return namespace.replace(/^tools\./, '').replace(/\.$/, '')
}

function integrationOf(namespace: string): string | undefined {
  return toPrefix(namespace).split('.')[0]
}

/** Whether a namespace and an account can have a tool in common. */
function within(account: Account, namespace: string): boolean {
  const path = `${account.path}.`
  const wanted = `${toPrefix(namespace)}.`
  return path.startsWith(wanted) || wanted.startsWith(path)
}

function reaches(
  { account, hidden }: Group['accounts'][number],
  tool: string,
  namespace: string | undefined,
): boolean {
  if (hidden?.(tool)) return false
  if (!namespace) return true
  const wanted = toPrefix(namespace)
  const path = `${account.path}.${tool}`
  return path === wanted || path.startsWith(`${wanted}.`)
}

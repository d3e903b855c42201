import type { CallContext } from '@executor/bus'
import {
  connections,
  createDecider,
  matchPattern,
  type Owner,
  policy,
  type Rule,
} from '@executor/contracts'
import type { CatalogDeps } from './deps.ts'
import type { IntegrationRow } from './store.ts'

/** One connection of an integration, and the snapshot whose operations are its tools. */
export interface Account {
  integration: IntegrationRow
  owner: Owner
  connection: string
  snapshot: string
}

export interface AccountFilter {
  integration?: string | undefined
  owner?: Owner | undefined
  connection?: string | undefined
}

/** The accounts a principal sees, in address order. */
export async function listAccounts(
  { store, bus }: CatalogDeps,
  { principal, signal }: CallContext,
  filter: AccountFilter = {},
): Promise<Account[]> {
  const [integrations, { items }] = await Promise.all([
    store.listIntegrations(principal.tenant),
    bus.request(
      connections.listConnections,
      { integration: filter.integration, owner: filter.owner },
      { principal, signal },
    ),
  ])
  const bySlug = new Map(integrations.map((integration) => [integration.slug, integration]))
  const accounts: Account[] = []
  for (const { integration: slug, owner, name } of items) {
    const integration = bySlug.get(slug)
    if (!integration || (filter.connection && filter.connection !== name)) continue
    accounts.push({ integration, owner, connection: name, snapshot: integration.snapshot })
  }
  await applyConnectionSnapshots(store, principal.tenant, principal.subject, accounts)
  return accounts.sort((a, b) => compare(accountPath(a), accountPath(b)))
}

/** Kinds whose tools depend on the credential keep a snapshot per connection. */
async function applyConnectionSnapshots(
  store: CatalogDeps['store'],
  tenant: string,
  subject: string,
  accounts: Account[],
): Promise<void> {
  const slugs = new Set(
    accounts.filter((account) => account.integration.kind === 'mcp').map((a) => a.integration.slug),
  )
  for (const slug of slugs) {
    for (const row of await store.listConnectionSnapshots(tenant, slug)) {
      const own = row.owner === 'org' || row.subject === subject
      const account = accounts.find(
        (candidate) =>
          own &&
          candidate.integration.slug === slug &&
          candidate.owner === row.owner &&
          candidate.connection === row.connection,
      )
      if (account) account.snapshot = row.snapshot
    }
  }
}

export function accountPath(account: Account): string {
  return `${account.integration.slug}.${account.owner}.${account.connection}`
}

/** The rules in force for a principal, in the order in which they are tried. */
export async function listRules(
  { bus }: CatalogDeps,
  { principal, signal }: CallContext,
): Promise<Rule[]> {
  const { items } = await bus.request(policy.listRules, {}, { principal, signal })
  return items
}

/**
 * Says which tools of an account are hidden. Answers `null` where no rule could hide any, so that
 * the common case costs nothing per tool.
 */
export function hiddenTools(rules: Rule[], account: Account): ((tool: string) => boolean) | null {
  const prefix = accountPath(account)
  const reaching = rules.filter((rule) => mayReach(rule.pattern, prefix))
  if (!reaching.some((rule) => rule.action === 'block')) return null
  const decider = createDecider(reaching)
  return (tool) => decider.decide(`${prefix}.${tool}`, false).action === 'block'
}

/** Whether a pattern could match anything below an account. */
function mayReach(pattern: string, prefix: string): boolean {
  const head = pattern.split('.').slice(0, 3).join('.')
  return pattern === '*' || matchPattern(head, prefix) || matchPattern(pattern, prefix)
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

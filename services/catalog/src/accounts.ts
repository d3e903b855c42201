import type { CallContext } from '@executor/bus'
import {
  connections,
  createDecider,
  createRuleIndex,
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
  { store, bus, accountSnapshots }: CatalogDeps,
  context: CallContext,
  filter: AccountFilter = {},
): Promise<Account[]> {
  const { principal, signal } = context
  const [integrations, { items }] = await Promise.all([
    store.listIntegrations(principal.tenant),
    bus.request(
      connections.listConnections,
      { integration: filter.integration, owner: filter.owner },
      { principal, signal },
    ),
  ])
  const bySlug = new Map(integrations.map((integration) => [integration.slug, integration]))
  const accounts: (Account & { changedAt: number })[] = []
  for (const { integration: slug, owner, name, updatedAt: changedAt } of items) {
    const integration = bySlug.get(slug)
    if (!integration || (filter.connection && filter.connection !== name)) continue
    const { snapshot } = integration
    accounts.push({ integration, owner, connection: name, snapshot, changedAt })
  }
  await accountSnapshots.apply(accounts, context)
  return accounts.sort((a, b) => compare(accountPath(a), accountPath(b)))
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

/** Which tools of an account are hidden; `null` where no rule could hide any, which costs nothing per tool. */
export type HiddenTools = (account: Account) => ((tool: string) => boolean) | null

/** Prepares rules once for all accounts: most are touched by no rule that blocks. */
export function createHiddenTools(rules: readonly Rule[]): HiddenTools {
  const blocking = createRuleIndex(rules.filter(({ action }) => action === 'block'))
  const decider = createDecider(rules)
  return (account) => {
    const prefix = accountPath(account)
    if (!blocking.matchesBelow(prefix)) return null
    return (tool) => decider.decide(`${prefix}.${tool}`, false).action === 'block'
  }
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

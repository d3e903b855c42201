import type { CallContext } from '@executor/bus'
import { createDecider, createRuleIndex, type Owner, policy, type Rule } from '@executor/contracts'
import type { CatalogDeps } from './deps.ts'
import type { IntegrationRow } from './store.ts'

/** One connection of an integration, and the snapshot whose operations are its tools. */
export interface Account {
  integration: IntegrationRow
  owner: Owner
  connection: string
  /** What the paths of its tools begin with. */
  path: string
  snapshot: string
}

export interface AccountFilter {
  integration?: string | undefined
  owner?: Owner | undefined
  connection?: string | undefined
}

/** The accounts a principal sees, in address order. */
export async function listAccounts(
  { store, accountLists, accountSnapshots }: CatalogDeps,
  context: CallContext,
  { integration: slug, owner, connection }: AccountFilter = {},
): Promise<Account[]> {
  const { tenant } = context.principal
  const [integrations, listed] = await Promise.all([
    slug === undefined ? store.listIntegrations(tenant) : findOnly(store, tenant, slug),
    accountLists.list(context, { integration: slug, owner }),
  ])
  const bySlug = new Map(integrations.map((integration) => [integration.slug, integration]))
  const accounts: (Account & { changedAt: number })[] = []
  for (const { path, name, updatedAt: changedAt, ...account } of listed) {
    const integration = bySlug.get(account.integration)
    if (!integration || (connection && connection !== name)) continue
    const { snapshot } = integration
    accounts.push({
      integration,
      owner: account.owner,
      connection: name,
      path,
      snapshot,
      changedAt,
    })
  }
  await accountSnapshots.apply(accounts, context)
  return accounts
}

async function findOnly(
  store: CatalogDeps['store'],
  tenant: string,
  slug: string,
): Promise<IntegrationRow[]> {
  const integration = await store.findIntegration(tenant, slug)
  return integration ? [integration] : []
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
  return ({ path: prefix }) => {
    if (!blocking.matchesBelow(prefix)) return null
    return (tool) => decider.decide(`${prefix}.${tool}`, false).action === 'block'
  }
}

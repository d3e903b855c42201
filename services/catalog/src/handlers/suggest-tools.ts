import type { Handler } from '@executor/bus'
import {
  CORE_INTEGRATION,
  CORE_TOOLS,
  type catalog,
  closest,
  FINDING_TOOLS,
} from '@executor/contracts'
import { type Account, createHiddenTools, listAccounts, listRules } from '../accounts.ts'
import type { CatalogDeps } from '../deps.ts'

const SUGGESTIONS_MAX = 5
const FINDING_PATHS = Object.values(FINDING_TOOLS)
const OWN_PATHS = [
  ...FINDING_PATHS,
  ...CORE_TOOLS.map((tool) => `${CORE_INTEGRATION}.${tool.name}`),
]

/**
 * Tools whose address looks like one that does not exist: of the integration that it looks like, of the
 * product itself, and what code finds its way with.
 */
export function suggestTools(deps: CatalogDeps): Handler<typeof catalog.suggestTools> {
  return async ({ address }, context) => {
    const wanted = address.replace(/^tools\./, '')
    const [integration] = wanted.split('.')
    if (integration === CORE_INTEGRATION) return closest(wanted, OWN_PATHS, SUGGESTIONS_MAX)
    const [accounts, rules] = await Promise.all([
      listAccounts(deps, context),
      listRules(deps, context),
    ])
    const slugs = [...new Set(accounts.map((account) => account.integration.slug))]
    const [nearest] = closest(integration ?? '', slugs, 1)
    const near = accounts.filter((account) => account.integration.slug === nearest)
    const hiddenOf = createHiddenTools(rules)
    const candidates: string[] = [...FINDING_PATHS]
    for (const account of near.length > 0 ? near : accounts.slice(0, 1)) {
      candidates.push(
        ...(await pathsOf(deps, context.principal.tenant, account, hiddenOf(account))),
      )
    }
    return closest(wanted, candidates, SUGGESTIONS_MAX)
  }
}

async function pathsOf(
  { snapshots }: CatalogDeps,
  tenant: string,
  account: Account,
  hidden: ((tool: string) => boolean) | null,
): Promise<string[]> {
  const listings = await snapshots.listings(tenant, account.snapshot)
  return listings.filter(({ name }) => !hidden?.(name)).map(({ name }) => `${account.path}.${name}`)
}

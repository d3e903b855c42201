import type { CallContext, Handler } from '@executor/bus'
import {
  CORE_INTEGRATION,
  CORE_TOOLS,
  type catalog,
  closest,
  connections,
  FINDING_TOOLS,
} from '@executor/contracts'
import { type Account, createHiddenTools, listAccounts, listRules } from '../accounts.ts'
import type { CatalogDeps } from '../deps.ts'

const SUGGESTIONS_MAX = 5
/** Accounts of one integration whose names are compared; of more, nobody tells the names apart. */
const COMPARED_ACCOUNTS_MAX = 200
const FINDING_PATHS = Object.values(FINDING_TOOLS)
const OWN_PATHS = [
  ...FINDING_PATHS,
  ...CORE_TOOLS.map((tool) => `${CORE_INTEGRATION}.${tool.name}`),
]

/**
 * Tools whose address looks like one that does not exist: of the account that it looks like, of the
 * product itself, and what code finds its way with. Accounts of an integration have mostly the same
 * tools, so that those of one are compared.
 */
export function suggestTools(deps: CatalogDeps): Handler<typeof catalog.suggestTools> {
  return async ({ address }, context) => {
    const wanted = address.replace(/^tools\./, '')
    const [integration = ''] = wanted.split('.')
    if (integration === CORE_INTEGRATION) return closest(wanted, OWN_PATHS, SUGGESTIONS_MAX)
    const nearest = await findNearestIntegration(deps, integration, context)
    if (nearest === null) return closest(wanted, FINDING_PATHS, SUGGESTIONS_MAX)
    const [accounts, rules] = await Promise.all([
      listAccounts(deps, context, { integration: nearest }),
      listRules(deps, context),
    ])
    const account = findNearestAccount(wanted, accounts)
    if (!account) return closest(wanted, FINDING_PATHS, SUGGESTIONS_MAX)
    const names = await deps.snapshots.names(context.principal.tenant, account.snapshot)
    const hidden = createHiddenTools(rules)(account)
    const shown = hidden ? names.filter((name) => !hidden(name)) : names
    const paths = shown.map((name) => `${account.path}.${name}`)
    return closest(wanted, [...FINDING_PATHS, ...paths], SUGGESTIONS_MAX)
  }
}

/** The one that a slug looks like, else the first; null where there is none. */
async function findNearestIntegration(
  { store, bus }: CatalogDeps,
  slug: string,
  { principal, signal }: CallContext,
): Promise<string | null> {
  const [rows, { slugs }] = await Promise.all([
    store.listIntegrations(principal.tenant),
    bus.request(connections.listConnectedIntegrations, {}, { principal, signal }),
  ])
  const known = new Set(rows.map((row) => row.slug))
  const connected = slugs.filter((each) => known.has(each))
  return closest(slug, connected, 1)[0] ?? connected[0] ?? null
}

/** The one that is named, else one that is named like it, else the first. */
function findNearestAccount(wanted: string, accounts: readonly Account[]): Account | undefined {
  const named = accounts.find(({ path }) => wanted.startsWith(`${path}.`))
  if (named) return named
  const compared = accounts.slice(0, COMPARED_ACCOUNTS_MAX)
  const prefix = wanted.split('.').slice(0, 3).join('.')
  const [nearest] = closest(
    prefix,
    compared.map(({ path }) => path),
    1,
  )
  return compared.find(({ path }) => path === nearest) ?? accounts[0]
}

import type { Handler } from '@executor/bus'
import type { catalog, Operation } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { getRow } from '../integration.ts'
import type { Listing } from '../snapshots.ts'

const CANDIDATES_MAX = 50
/** Words in names of operations that say who is asking. */
const IDENTITY = /(^|[^a-z])(me|self|whoami|user|account|profile|viewer|current)([^a-z]|$)/i

/** Reading operations: those that name the account first, then those that ask for the least. */
export function listHealthCheckCandidates({
  store,
}: CatalogDeps): Handler<typeof catalog.listHealthCheckCandidates> {
  return async ({ slug }, { principal }) => {
    const { snapshot } = await getRow(store, principal.tenant, slug)
    if (!snapshot) return []
    const [listings, details] = await Promise.all([
      store.listListings(principal.tenant, snapshot),
      store.listDetails(principal.tenant, snapshot),
    ])
    const candidates = listings.flatMap(({ name, listing }, position) => {
      const { description, annotations } = JSON.parse(listing) as Listing
      const detail = details[position]
      if (!annotations.readOnly || !detail) return []
      const { inputSchema } = JSON.parse(detail.detail) as Pick<Operation, 'inputSchema'>
      const required = typeof inputSchema === 'object' ? inputSchema.required : undefined
      const requiredArgs = Array.isArray(required) ? required.map(String) : []
      return [{ operation: name, description, requiredArgs }]
    })
    const rank = (candidate: (typeof candidates)[number]) =>
      candidate.requiredArgs.length * 2 -
      (IDENTITY.test(candidate.operation.replace(/([a-z])([A-Z])/g, '$1 $2')) ? 1 : 0)
    return candidates.sort((a, b) => rank(a) - rank(b)).slice(0, CANDIDATES_MAX)
  }
}

import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { listRows, showIntegrations } from '../integration.ts'

/** In slug order; the cursor is the last slug shown. */
export function listIntegrations({ store }: CatalogDeps): Handler<typeof catalog.listIntegrations> {
  return async ({ limit, cursor }, { principal }) => {
    const rows = await listRows(store, principal.tenant)
    rows.sort((a, b) => (a.slug < b.slug ? -1 : 1))
    const rest = cursor ? rows.filter((row) => row.slug > cursor) : rows
    const page = rest.slice(0, limit ?? rest.length)
    const last = page.at(-1)
    return {
      items: await showIntegrations(store, principal, page),
      ...(last && page.length < rest.length ? { nextCursor: last.slug } : {}),
    }
  }
}

import type { Principal } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { putInForce } from './put-in-force.ts'
import { findHeld } from './settle.ts'
import { findInForce } from './sources.ts'

/** After another way of reviewing was asked for: what it no longer holds back is let in. */
export async function reviewAnew(
  deps: CatalogDeps,
  slug: string,
  { tenant, subject: by }: Principal,
): Promise<void> {
  const { store, turns } = deps
  await turns.take(tenant, async () => {
    const { review: mode } = await store.findUpkeep(tenant, slug)
    for (const { snapshot: offered, ...key } of await store.listOffers(tenant, slug)) {
      const inForce = await findInForce(store, tenant, key)
      if (inForce === null) continue
      const known = await store.listHeld(tenant, key)
      const held = await findHeld(store, { tenant, inForce, offered, mode, known })
      if (held.length === known.length) continue
      const change = { cause: 'review' as const, by, held: [] }
      await putInForce(deps, { tenant, key, offered, inForce, held, change })
    }
  })
}

import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import { toKey, toPartition, unknownConnection } from '../access.ts'
import type { HandlerDeps } from '../deps.ts'
import { lacking, parseScope, unite } from '../oauth/scopes.ts'

/** More than any consent page lists. */
const MISSING_MAX = 100

export function noteMissingScopes(
  deps: HandlerDeps,
): Handler<typeof connections.noteMissingScopes> {
  const { store, events } = deps
  return async (input, { principal }) => {
    const row = await store.findConnection(toKey(toPartition(principal, input.owner), input))
    if (!row) throw unknownConnection(input)
    const granted = parseScope(row.oauthScope)
    // Whatever was refused with an older consent says nothing of this one.
    if (row.oauthClient === null || row.consent !== input.consent) return { granted }
    const missing = unite(row.missingScopes, lacking(input.required, granted)).slice(0, MISSING_MAX)
    if (missing.length > row.missingScopes.length) {
      await store.saveMissingScopes(row, missing)
      events.changed(row, 'updated')
    }
    return { granted }
  }
}

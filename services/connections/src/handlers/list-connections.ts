import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import { toConnection } from '../connection.ts'
import { encodeCursor, parseCursor } from '../cursor.ts'
import type { HandlerDeps } from '../deps.ts'

export function listConnections({
  store,
}: HandlerDeps): Handler<typeof connections.listConnections> {
  return async ({ integration, owner, limit, cursor }, { principal }) => {
    const rows = await store.listConnections({
      tenant: principal.tenant,
      subject: principal.subject,
      integration,
      owner,
      limit: limit === undefined ? undefined : limit + 1,
      after: cursor === undefined ? undefined : parseCursor(cursor),
    })
    const page = limit === undefined ? rows : rows.slice(0, limit)
    const last = page.length < rows.length ? page.at(-1) : undefined
    return {
      items: page.map(toConnection),
      ...(last ? { nextCursor: encodeCursor(last) } : {}),
    }
  }
}

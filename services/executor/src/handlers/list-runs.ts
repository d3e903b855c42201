import type { Handler } from '@executor/bus'
import type { executor } from '@executor/contracts'
import type { ExecutorDeps } from '../deps.ts'
import { decodeCursor, encodeCursor } from '../runs/cursor.ts'
import { ownSubject } from '../runs/runs.ts'
import { toSummary } from '../runs/translate.ts'

/** Without a limit: what one look takes in. */
const PAGE_DEFAULT = 200

/** Latest first. */
export function listRuns({ store, journal }: ExecutorDeps): Handler<typeof executor.listRuns> {
  return async ({ limit = PAGE_DEFAULT, cursor, address, ...filter }, { principal }) => {
    await journal.flushAll()
    const rows = await store.listRuns(principal.tenant, {
      ...filter,
      // As the catalog lists tools, or as runs and the sandbox name them.
      ...(address !== undefined && { address: address.replace(/^tools\./, '') }),
      subject: ownSubject(principal),
      before: cursor ? decodeCursor(cursor) : undefined,
      limit: limit + 1,
    })
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return {
      items: items.map(toSummary),
      ...(last && rows.length > limit ? { nextCursor: encodeCursor(last) } : {}),
    }
  }
}

import type { Handler } from '@executor/bus'
import type { executor } from '@executor/contracts'
import { decodeCursor, encodeCursor } from '../runs/cursor.ts'
import type { HandlerDeps } from '../runs/engine.ts'
import { ownSubject } from '../runs/runs.ts'
import { toInteraction } from '../runs/translate.ts'

const PAGE_DEFAULT = 200

/** Latest first. */
export function listInteractions({
  store,
}: HandlerDeps): Handler<typeof executor.listInteractions> {
  return async ({ limit = PAGE_DEFAULT, cursor, ...filter }, { principal }) => {
    const rows = await store.listInteractions(principal.tenant, {
      ...filter,
      subject: ownSubject(principal),
      before: cursor ? decodeCursor(cursor) : undefined,
      limit: limit + 1,
    })
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return {
      items: items.map(toInteraction),
      ...(last && rows.length > limit ? { nextCursor: encodeCursor(last) } : {}),
    }
  }
}

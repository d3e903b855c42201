import type { CallContext, Handler } from '@executor/bus'
import { type catalog, type Owner, ServiceError, type SourceChange } from '@executor/contracts'
import { listTouchedRules } from '../changes/touched-rules.ts'
import type { CatalogDeps } from '../deps.ts'
import { getRow } from '../integration.ts'
import type { ChangeRow } from '../store/reviews.ts'
import type { SourceKey } from '../store.ts'

const PAGE_MAX = 200

/** The rules are those of now, and of the one who asks: they change apart from the tools. */
export function listChanges(deps: CatalogDeps): Handler<typeof catalog.listChanges> {
  return async ({ slug, limit = PAGE_MAX, cursor }, context) => {
    const { tenant, subject } = context.principal
    await getRow(deps.store, tenant, slug)
    const before = cursor === undefined ? undefined : parseCursor(cursor)
    const size = Math.min(limit, PAGE_MAX)
    const rows = await deps.store.listChanges(tenant, slug, { subject, before, limit: size + 1 })
    const page = rows.slice(0, size)
    const last = rows.length > size ? page.at(-1) : undefined
    return {
      items: await Promise.all(page.map((row) => toChange(deps, row, context))),
      ...(last ? { nextCursor: last.id } : {}),
    }
  }
}

async function toChange(
  deps: CatalogDeps,
  row: ChangeRow & SourceKey,
  context: CallContext,
): Promise<SourceChange> {
  const { id, at, cause, by, diff, held, integration, owner, connection } = row
  const account = connection === '' ? undefined : { owner: owner as Owner, connection }
  const tools = [...new Set([...diff.operations.map(({ name }) => name), ...held])]
  const rules = await listTouchedRules(deps, { integration, account, tools }, context)
  return { id, at, cause, by, diff, heldTools: held, rules, ...(account ? { account } : {}) }
}

function parseCursor(cursor: string): string {
  if (/^[0-9a-z]{9}-[0-9a-f]{8}$/.test(cursor)) return cursor
  throw new ServiceError(
    'invalid_argument',
    'cursor_invalid',
    'Start the list again: this cursor is not ours.',
  )
}

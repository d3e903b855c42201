import type { Handler } from '@executor/bus'
import { type catalog, type ParsedInput, ServiceError } from '@executor/contracts'
import { countWaiting } from '../changes/record.ts'
import type { CatalogDeps } from '../deps.ts'
import { getOwnRow } from '../integration.ts'
import { assertMayManage } from '../manage.ts'
import { putInForce } from '../review/put-in-force.ts'
import { findInForce, toSourceKey } from '../review/sources.ts'
import type { HeldRow } from '../store.ts'

type Decision = ParsedInput<typeof catalog.reviewOperations>

/** Only what was shown is decided on: once the source says something else, it is shown again first. */
export function reviewOperations(deps: CatalogDeps): Handler<typeof catalog.reviewOperations> {
  const { store, turns } = deps
  return async (decision, { principal }) => {
    const { tenant, subject } = principal
    const { slug, account, revision } = decision
    await getOwnRow(store, tenant, slug)
    // An account of one's own is one's own to decide about.
    if (account?.owner !== 'user') assertMayManage(principal)
    const key = toSourceKey(slug, account, principal)
    return turns.take(tenant, async () => {
      const [inForce, offered, rows] = await Promise.all([
        findInForce(store, tenant, key),
        store.findOffer(tenant, key),
        store.listHeld(tenant, key),
      ])
      if (inForce === null || offered === null || offered !== revision) throw movedOn(slug)
      const names = namesOf(decision, rows)
      const { held, decided } = decide(rows, names, decision.decision, subject)
      const cause = decision.decision === 'approve' ? 'approved' : 'rejected'
      const change = { cause, by: subject, held: decided } as const
      const done = await putInForce(deps, { tenant, key, offered, inForce, held, change })
      if (!done) throw movedOn(slug)
      return { decided, waiting: countWaiting(held), toolCount: done.toolCount }
    })
  }
}

/** All that wait, or those that are named; a name that is not there is no decision. */
function namesOf({ operations, slug }: Decision, rows: HeldRow[]): Set<string> {
  if (!operations)
    return new Set(rows.filter(({ status }) => status === 'waiting').map(({ name }) => name))
  const held = new Set(rows.map(({ name }) => name))
  const unknown = operations.find((name) => !held.has(name))
  if (unknown === undefined) return new Set(operations)
  throw new ServiceError(
    'not_found',
    'held_operation_unknown',
    `"${slug}" holds no operation "${unknown.slice(0, 200)}" back.`,
  )
}

function decide(
  rows: HeldRow[],
  names: ReadonlySet<string>,
  decision: Decision['decision'],
  subject: string,
): { held: HeldRow[]; decided: string[] } {
  const decided = rows.filter(({ name }) => names.has(name)).map(({ name }) => name)
  if (decision === 'approve') return { held: rows.filter(({ name }) => !names.has(name)), decided }
  const rejection = { status: 'rejected', decidedAt: Date.now(), decidedBy: subject } as const
  return {
    held: rows.map((row) => (names.has(row.name) ? { ...row, ...rejection } : row)),
    decided,
  }
}

function movedOn(slug: string): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'review_moved_on',
    `What "${slug}" holds back is no longer what you were shown. Look at it again, then decide.`,
  )
}

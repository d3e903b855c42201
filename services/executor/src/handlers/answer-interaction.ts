import type { Handler } from '@executor/bus'
import { type Answer, type executor, runSignalled, ServiceError } from '@executor/contracts'
import { assertMayAnswer, toContent } from '../runs/check-answer.ts'
import type { HandlerDeps } from '../runs/engine.ts'
import { maySee } from '../runs/runs.ts'
import { toInteraction } from '../runs/translate.ts'
import type { AnswerRow } from '../store/interactions.ts'
import type { InteractionRow } from '../store/rows.ts'

const STATUS: Record<Answer, AnswerRow['status']> = {
  accept: 'accepted',
  decline: 'declined',
  cancel: 'cancelled',
}

/** A person's answer, counted once, for exactly what was shown. */
export function answerInteraction(deps: HandlerDeps): Handler<typeof executor.answerInteraction> {
  const { store, runner, bus, settings } = deps
  return async ({ id, action, content, digest, grant }, { principal }) => {
    const row = await store.findInteraction(principal.tenant, id)
    if (!row || !maySee(principal, row.subject)) throw interactionUnknown(id)
    const given = { action, content, grant }
    assertMayAnswer(row, given, principal, settings.elicitationMode)
    if (digest !== undefined && digest !== row.digest) throw shownOtherwise(row)
    const text = toContent(row, given)

    const status = STATUS[action]
    const answerRow = {
      status,
      content: text,
      answeredAt: Date.now(),
      answeredBy: principal.subject,
      answeredRoles: JSON.stringify(principal.roles),
      answeredVia: principal.via,
    }
    const counted = await store.answerInteraction(
      id,
      answerRow,
      status === 'accepted' ? grant : undefined,
    )
    const answered = (await store.findInteraction(principal.tenant, id)) ?? row
    if (!counted) {
      if (answered.status === status) return toInteraction(answered)
      throw answered.status === 'open' ? tooLate(answered) : alreadyAnswered(answered)
    }
    // Whoever holds the run goes on at once; a run at rest is taken up again.
    bus.publish(runSignalled, { id: row.runId, signal: 'answered' })
    if (counted.isWoken) {
      const run = await store.findRun(row.tenant, row.runId)
      if (run) await runner.dispatch(run)
    }
    return toInteraction(answered)
  }
}

function interactionUnknown(id: string): ServiceError {
  return new ServiceError('not_found', 'interaction_unknown', `Nothing is asked under "${id}".`)
}

function shownOtherwise(row: InteractionRow): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'interaction_changed',
    `What you saw is not what ${row.address} would be sent. Open it again.`,
  )
}

function tooLate({ expiresAt }: InteractionRow): ServiceError {
  const until = expiresAt === null ? '' : ` at ${new Date(expiresAt).toISOString()}`
  return new ServiceError(
    'failed_precondition',
    'interaction_expired',
    `Time for an answer was over${until}. Nothing was sent; run it again.`,
  )
}

function alreadyAnswered({ status, answeredBy }: InteractionRow): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'interaction_answered',
    `This was answered before: ${status}${answeredBy ? ` by ${answeredBy}` : ''}.`,
    { details: { status } },
  )
}

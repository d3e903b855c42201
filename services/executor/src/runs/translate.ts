import type { Interaction, RunOutcome, RunStatus, RunSummary, Step } from '@executor/contracts'
import type { InteractionRow, RunRow, ShownStepRow } from '../store/rows.ts'
import { isSettled } from './waiters.ts'

export function toSummary(run: RunRow): RunSummary {
  const { id, kind, title, isError, subject, via, createdAt, startedAt, settledAt, stepCount } = run
  return {
    id,
    kind,
    status: shownStatus(run),
    title,
    isError,
    subject,
    via,
    createdAt,
    startedAt,
    settledAt,
    stepCount,
  }
}

/** A run whose call is held up by a question waits for a person, whoever holds it meanwhile. */
export function shownStatus({ status, asking }: RunRow): RunStatus {
  return status === 'running' && asking ? 'waiting' : status
}

export function toInteraction(row: InteractionRow): Interaction {
  const {
    tenant,
    subject,
    position,
    content,
    answeredRoles,
    requestedSchema,
    url,
    request,
    ...rest
  } = row
  return {
    ...rest,
    arguments: JSON.parse(row.arguments) as unknown,
    ...(requestedSchema === null
      ? {}
      : { requestedSchema: JSON.parse(requestedSchema) as unknown }),
    ...(url === null ? {} : { url }),
    ...(request === null ? {} : { request: JSON.parse(request) as unknown }),
  }
}

export function toStep(row: ShownStepRow): Step {
  const { position, digest: _, settleOrder: __, failure, ...rest } = row
  return {
    ...rest,
    index: position,
    arguments: JSON.parse(row.arguments) as unknown,
    error: failure === null ? null : errorOf(failure),
  }
}

/** An invocation has one step, which is the run itself. */
export function stepOfInvocation(run: RunRow): Step {
  const settled = run.result !== null
  return {
    index: 0,
    address: run.address ?? '',
    arguments: run.arguments === null ? {} : (JSON.parse(run.arguments) as unknown),
    status: settled ? 'settled' : run.status === 'waiting' ? 'waiting' : 'intended',
    readOnly: run.readOnly,
    decision: run.decision,
    ok: settled ? !run.isError : null,
    error: run.isError && run.result !== null ? errorOf(run.result) : null,
    httpStatus: settled ? httpStatusOf(run.result ?? 'null') : null,
    resultBytes: run.result === null ? null : Buffer.byteLength(run.result),
    startedAt: run.startedAt ?? run.createdAt,
    settledAt: run.settledAt,
  }
}

/** In the order of their calls, of which several are asked about at once, as it comes. */
export function inOrder(interactions: readonly InteractionRow[]): InteractionRow[] {
  return interactions.toSorted((a, b) => a.position - b.position || a.createdAt - b.createdAt)
}

/** What whoever waits is told right now; of a run that settled, its result as the text it is. */
export type Standing =
  | Exclude<RunOutcome, { status: 'settled' }>
  | (Omit<Extract<RunOutcome, { status: 'settled' }>, 'result'> & { result: string | null })

export function toStanding(run: RunRow, open: InteractionRow[]): Standing {
  const { id: runId, kind, status, result } = run
  if (isSettled(status)) return { status: 'settled', runId, kind, run: status, result }
  const [first, ...others] = open.map(toInteraction)
  if (first) return { status: 'waiting', runId, interactions: [first, ...others] }
  return { status: 'running', runId }
}

/** The JSON text of a RunOutcome. The result comes last and is not looked at, however long it is. */
export function encodeOutcome(standing: Standing): string {
  if (standing.status !== 'settled') return JSON.stringify(standing)
  const { result, ...rest } = standing
  return `${JSON.stringify(rest).slice(0, -1)},"result":${result ?? 'null'}}`
}

function errorOf(json: string) {
  const { error } = JSON.parse(json) as { error?: Step['error'] }
  return error ?? null
}

/** `http` is the last field of a ToolResult, so that nothing before it has to be read. */
function httpStatusOf(json: string): number | null {
  const at = json.lastIndexOf(HTTP)
  if (at < 0) return null
  try {
    const http = JSON.parse(json.slice(at + HTTP.length, -1)) as { status?: number } | null
    return http?.status ?? null
  } catch {
    // A field of the data's own, which is followed by more than the end of the result.
    return null
  }
}

const HTTP = ',"http":'

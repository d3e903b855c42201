import { newRunId, type Principal, ServiceError } from '@executor/contracts'
import { trace } from '@opentelemetry/api'
import type { RunOptions, RunRow } from '../store/rows.ts'

const RUN_ID = /^exec_[A-Za-z0-9-]{16,59}$/
const TITLE_CHARS_MAX = 120

export interface NewRun {
  id?: string | undefined
  principal: Principal
  options?: RunOptions
  status: 'queued' | 'running'
  holder: string | null
}

/** Only what is set is kept. A model can be asked where an MCP client started the run. */
export function toOptions(
  { autoApprove, canSample }: { autoApprove?: boolean; canSample?: boolean | undefined },
  { via }: Principal,
): RunOptions {
  return { ...(autoApprove && { autoApprove }), ...(canSample && via === 'mcp' && { canSample }) }
}

export function newInvocation(
  { address, args }: { address: string; args: Record<string, unknown> },
  run: NewRun,
): RunRow {
  // However it was spelled: records are found by it.
  const path = address.replace(/^tools\./, '')
  return {
    ...newRun(run),
    kind: 'invocation',
    title: path,
    address: path,
    arguments: JSON.stringify(args),
    stepCount: 1,
  }
}

export function newExecution(code: string, run: NewRun): RunRow {
  const firstLine = code.split('\n').find((line) => line.trim() !== '') ?? ''
  return {
    ...newRun(run),
    kind: 'execution',
    title: firstLine.trim().slice(0, TITLE_CHARS_MAX),
    code,
  }
}

function newRun({ id, principal, options = {}, status, holder }: NewRun): RunRow {
  if (id !== undefined && !RUN_ID.test(id)) {
    throw new ServiceError(
      'invalid_argument',
      'run_id_invalid',
      'A run id is "exec_" followed by 16 to 59 letters, digits or dashes; leave it out to get one.',
    )
  }
  const now = Date.now()
  return {
    id: id ?? newRunId(),
    tenant: principal.tenant,
    subject: principal.subject,
    principal,
    via: principal.via,
    kind: 'execution',
    status,
    title: '',
    address: null,
    arguments: null,
    code: null,
    options,
    readOnly: false,
    decision: '',
    result: null,
    isError: false,
    stepCount: 0,
    traceId: trace.getActiveSpan()?.spanContext().traceId ?? null,
    createdAt: now,
    startedAt: status === 'running' ? now : null,
    settledAt: null,
    activeMs: 0,
    holder,
    attempt: holder === null ? 0 : 1,
    cancelledAt: null,
    clock: null,
    wakeAt: null,
    asking: false,
    naps: 0,
  }
}

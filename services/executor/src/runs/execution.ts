import type { ExecutorDeps } from '../deps.ts'
import type { SandboxOutcome } from '../sandbox/sandbox.ts'
import type { RunRow } from '../store/rows.ts'
import { ExecutionHost, ReplayDiverged } from './execution-host.ts'
import { outlast } from './outage.ts'
import type { RunControl } from './run-control.ts'

/**
 * Performs an execution that this process holds, from its beginning or from its journal, until it
 * settles or has nothing left to do but wait. Leaves `run.status` at what it came to.
 */
export async function performExecution(
  deps: ExecutorDeps,
  run: RunRow,
  control: RunControl,
): Promise<void> {
  const began = Date.now()
  const host = await ExecutionHost.open(deps, run, control)
  let outcome: SandboxOutcome
  try {
    outcome = await deps.sandbox.run(
      {
        code: run.code ?? '',
        seed: run.id,
        startedAt: run.createdAt,
        replay: host.replay,
        ...(host.clock === null ? {} : { clock: host.clock }),
      },
      host,
      control.signal,
    )
  } catch (error) {
    if (!(error instanceof ReplayDiverged)) throw error
    outcome = divergedOutcome(error)
  }
  // What was sent is part of the run, whether or not the script waited for it.
  await host.settleOutstanding()
  run.activeMs += Date.now() - began - host.waitedMs
  run.clock = outcome.clock
  if (outcome.status === 'suspended') rest(run, outcome, control)
  else if (isLost(outcome, control)) run.status = 'queued'
  else settle(run, outcome)
  deps.journal.append(run)
  await deps.journal.flush(run.id)
  const { settledAt } = run
  if (settledAt !== null && host.hasAsked) {
    await outlast(() => deps.store.closeInteractions(run.id, settledAt))
  }
}

function rest(
  run: RunRow,
  { wakeAt }: SandboxOutcome & { status: 'suspended' },
  { isDraining }: RunControl,
): void {
  run.status = isDraining() ? 'queued' : 'waiting'
  run.wakeAt = wakeAt
}

/** Its thread died, or this process ends: the journal holds all that another worker needs. */
function isLost(outcome: SandboxOutcome, { signal }: RunControl): boolean {
  return outcome.status === 'error' && outcome.error.kind === 'lost' && !signal.aborted
}

function settle(run: RunRow, outcome: Exclude<SandboxOutcome, { status: 'suspended' }>): void {
  const logs = outcome.logs.map(({ level, text }) =>
    level === 'info' ? text : `[${level}] ${text}`,
  )
  const trail = `"emitted":[${outcome.emitted.join(',')}],"logs":${JSON.stringify(logs)}`
  run.settledAt = Date.now()
  if (outcome.status === 'completed') {
    run.status = 'completed'
    const value = outcome.result === undefined ? '' : `"value":${outcome.result},`
    run.result = `{"ok":true,${value}${trail}}`
    return
  }
  const { kind, message, line, column } = outcome.error
  run.status = kind === 'cancelled' ? 'cancelled' : 'failed'
  run.isError = true
  run.result = `{"ok":false,"error":${JSON.stringify({ code: kind, message, line, column })},${trail}}`
}

function divergedOutcome({ message }: ReplayDiverged): SandboxOutcome {
  return {
    status: 'error',
    error: { kind: 'replay_diverged', message },
    logs: [],
    emitted: [],
    calls: 0,
    unsettled: [],
    clock: Date.now(),
  }
}

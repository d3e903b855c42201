import type { ExecutorDeps } from '../deps.ts'
import type { LogLine } from '../sandbox/host.ts'
import type { SandboxOutcome } from '../sandbox/sandbox.ts'
import type { RunRow } from '../store/rows.ts'
import { ExecutionHost } from './execution-host.ts'
import { outlast } from './outage.ts'
import { ReplayDiverged } from './recorded-call.ts'
import type { RunControl } from './run-control.ts'
import { WITHDRAWN } from './withdrawn.ts'

/** Characters of output that are copied in no time that anybody would notice. */
const COPIED_CHARS_MAX = 256 * 1024
/** Milliseconds that a run rests at least when a timer took it up for nothing; twice as long each time. */
const NAP_MS = 1_000
const NAP_MS_MAX = 10 * 60 * 1000
/** Addresses that one line of the log names. */
const NAMES_MAX = 5

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
  // What is long has just been copied out of its thread, and is going to be once more.
  if (isLong(outcome)) await new Promise((resolve) => setImmediate(resolve))
  const isOver = outcome.status !== 'suspended' && !isLost(outcome, control)
  const { withdrawn, unheard } = await host.settleOutstanding(isOver)
  if (withdrawn.length > 0) outcome.logs.push(notSent(withdrawn, outcome.clock))
  if (outcome.status === 'completed' && unheard.length > 0)
    outcome.logs.push(notHeard(unheard, outcome.clock))
  run.activeMs += Date.now() - began - host.waitedMs
  run.clock = outcome.clock
  if (outcome.status === 'suspended') rest(run, outcome, control, host.hasProgressed)
  else if (isLost(outcome, control)) run.status = 'queued'
  else settle(run, outcome)
  deps.journal.append(run)
  await deps.journal.flush(run.id)
  const { settledAt } = run
  if (settledAt !== null && host.hasAsked) {
    await outlast(() => deps.store.closeInteractions(run.id, settledAt, WITHDRAWN))
  }
}

/**
 * A timer of the script takes it up again: at its time, but the later the more often that came to
 * nothing. A script that looks at its watch every second while a person thinks costs little.
 */
function rest(
  run: RunRow,
  { wakeAt }: SandboxOutcome & { status: 'suspended' },
  { isDraining }: RunControl,
  hasProgressed: boolean,
): void {
  run.status = isDraining() ? 'queued' : 'waiting'
  run.naps = hasProgressed ? 0 : run.naps + 1
  const pauseMs = run.naps === 0 ? 0 : Math.min(NAP_MS_MAX, NAP_MS * 2 ** run.naps)
  run.wakeAt = wakeAt === null ? null : Math.max(wakeAt, Date.now() + pauseMs)
}

function notSent(addresses: readonly string[], at: number): LogLine {
  const [what, verb] = addresses.length === 1 ? ['It was', 'it'] : ['They were', 'them']
  return {
    level: 'warn',
    at,
    text:
      `The script ended before a person approved ${addresses.join(', ')}. ` +
      `${what} not sent: await ${verb}.`,
  }
}

/** `forEach(async …)` waits for nothing, and whoever reads "done" believes that it did. */
function notHeard(addresses: readonly string[], at: number): LogLine {
  const names = [...new Set(addresses)]
  const more = names.length > NAMES_MAX ? `, and ${names.length - NAMES_MAX} more` : ''
  return {
    level: 'warn',
    at,
    text:
      `The script ended before it heard from ${names.slice(0, NAMES_MAX).join(', ')}${more}. ` +
      'What was to follow on that was not done: await every call (Promise.all for several), unless it is meant.',
  }
}

/** Its thread died, or this process ends: the journal holds all that another worker needs. */
function isLost(outcome: SandboxOutcome, { signal }: RunControl): boolean {
  return outcome.status === 'error' && outcome.error.kind === 'lost' && !signal.aborted
}

function settle(run: RunRow, outcome: Exclude<SandboxOutcome, { status: 'suspended' }>): void {
  const logs = outcome.logs.map(({ level, text }) =>
    level === 'info' ? text : `[${level}] ${text}`,
  )
  const trail = [...toList('emitted', outcome.emitted), `"logs":${JSON.stringify(logs)}}`]
  run.settledAt = Date.now()
  if (outcome.status === 'completed') {
    run.status = 'completed'
    const value = outcome.result === undefined ? [] : [`"value":${outcome.result}`]
    run.result = ['{"ok":true', ...value, ...trail].join(',')
    return
  }
  const { kind, message, line, column } = outcome.error
  run.status = kind === 'cancelled' ? 'cancelled' : 'failed'
  run.isError = true
  const error = `"error":${JSON.stringify({ code: kind, message, line, column })}`
  run.result = ['{"ok":false', error, ...trail].join(',')
}

/** A field with a list of JSON texts, as what stands between the commas: all is joined, and copied, once. */
function toList(name: string, items: readonly string[]): string[] {
  if (items.length === 0) return [`"${name}":[]`]
  return items.map((item, index) => {
    const opened = index === 0 ? `"${name}":[${item}` : item
    return index === items.length - 1 ? `${opened}]` : opened
  })
}

function isLong(outcome: SandboxOutcome): boolean {
  const returned = outcome.status === 'completed' ? (outcome.result?.length ?? 0) : 0
  return outcome.emitted.reduce((sum, { length }) => sum + length, returned) > COPIED_CHARS_MAX
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

import { setTimeout as sleep } from 'node:timers/promises'
import type { Bus, RequestOptions } from '@executor/bus'
import { executor, isServiceError, newRunId, type RunOutcome } from '@executor/contracts'
import { readOutcome } from './read-outcome.ts'

/** Milliseconds one request waits; a longer wait is several, each of which any worker can answer. */
const WAIT_MS = 25_000
/** Milliseconds that no worker may answer before the caller is told. */
const OUTAGE_MS_MAX = 60_000
const RETRY_MS = 200

export interface Execution {
  code: string
  autoApprove?: boolean
  /** The caller's model can be asked. */
  canSample?: boolean
}

/**
 * Runs code and waits until it settles or needs a person, through the death of any worker. When the
 * caller goes away the run is cancelled.
 */
export async function driveExecution(
  bus: Bus,
  { code, autoApprove = false, canSample }: Execution,
  options: RequestOptions,
): Promise<RunOutcome> {
  const runId = newRunId()
  const start = async (again: boolean) => {
    const { json } = await bus.request(
      executor.execute,
      { code, autoApprove, runId, again, waitMs: WAIT_MS, ...(canSample && { canSample }) },
      options,
    )
    return readOutcome(json)
  }
  try {
    const outcome = await persist(options.signal, start)
    return outcome.status === 'running' ? await awaitNews(bus, runId, [], options) : outcome
  } catch (error) {
    if (options.signal?.aborted) cancelRun(bus, runId, options)
    throw error
  }
}

/** Waits until a run settles or asks something that `known` does not name. */
export async function awaitNews(
  bus: Bus,
  id: string,
  known: string[],
  options: RequestOptions,
  patienceMs = Number.POSITIVE_INFINITY,
): Promise<RunOutcome> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const waitMs = Math.max(0, Math.min(WAIT_MS, deadline - Date.now()))
    const outcome = await persist(options.signal, () =>
      awaitOutcome(bus, { id, known, waitMs }, options),
    )
    if (outcome.status !== 'running' || Date.now() >= deadline) return outcome
    options.signal?.throwIfAborted()
  }
}

/** How a run stands, after `waitMs` at the latest; at once where none are named. */
export async function awaitOutcome(
  bus: Bus,
  awaited: { id: string; known?: string[]; waitMs?: number },
  options: RequestOptions,
): Promise<RunOutcome> {
  const { json } = await bus.request(executor.awaitRun, awaited, options)
  return readOutcome(json)
}

/** The caller has gone: what it started is stopped, with rights that outlive its request. */
export function cancelRun(bus: Bus, id: string, { principal }: RequestOptions): void {
  bus.request(executor.cancelRun, { id }, { principal }).catch(() => {
    // It has settled, never started, or no worker answers: nothing more can be done from here.
  })
}

/** Asks again while workers come and go; every question is safe to repeat. */
async function persist<T>(
  signal: AbortSignal | undefined,
  ask: (again: boolean) => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + OUTAGE_MS_MAX
  for (let again = false; ; again = true) {
    try {
      return await ask(again)
    } catch (error) {
      const isOutage =
        isServiceError(error) &&
        (error.code === 'unavailable' || error.code === 'deadline_exceeded')
      if (!isOutage || signal?.aborted || Date.now() > deadline) throw error
      await sleep(RETRY_MS)
    }
  }
}

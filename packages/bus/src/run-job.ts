import { isServiceError, type QueueDefinition } from '@executor/contracts'
import type { JobContext } from './bus.ts'
import { decodeBody } from './envelope.ts'
import { busFailure } from './failures.ts'
import type { OnError } from './faults.ts'
import type { Carrier, Telemetry } from './telemetry.ts'

const RETRY_DELAY_MS = 100
const RETRY_DELAY_MS_MAX = 5_000

/** One delivery of a job. */
export interface QueuedJob {
  body: string
  carrier: Carrier | undefined
  attempt: number
  heartbeat(): void
  /** Aborts when the worker is told to stop. */
  signal: AbortSignal
}

/** What the queue is to do with the job now. */
export type Outcome = { kind: 'done' } | { kind: 'drop' } | { kind: 'retry'; delayMs: number }

/** Turns what a handler does into what a queue understands. The result never rejects. */
export function createJobRunner(
  queue: QueueDefinition,
  handler: (job: unknown, context: JobContext) => Promise<void>,
  { telemetry, report }: { telemetry: Telemetry; report: OnError },
): (job: QueuedJob) => Promise<Outcome> {
  const { subject, attemptsMax } = queue
  const drop = (attempts: number, cause?: unknown): Outcome => {
    report(busFailure.jobDropped(subject, attempts, cause), { during: 'job', subject })
    return { kind: 'drop' }
  }

  return async ({ body, carrier, attempt, heartbeat, signal }) => {
    // The last attempt's worker died before it could say so.
    if (attempt > attemptsMax) return drop(attempt - 1)
    const job = findJob(queue, body)
    if (job === null) return drop(attempt, busFailure.malformed(subject))
    const span = telemetry.startConsumer(subject, carrier)
    try {
      await span.run(() => handler(job.value, { attempt, heartbeat, signal }))
      span.end()
      return { kind: 'done' }
    } catch (error) {
      span.end(error)
      if (signal.aborted) return { kind: 'retry', delayMs: 0 }
      if (attempt >= attemptsMax) return drop(attempt, error)
      report(error, { during: 'job', subject })
      return { kind: 'retry', delayMs: retryDelayMs(attempt) }
    }
  }
}

/** A job that does not parse now will not parse later. */
function findJob(queue: QueueDefinition, body: string): { value: unknown } | null {
  try {
    return { value: decodeBody(queue.subject, queue.job, body) }
  } catch (error) {
    if (isServiceError(error)) return null
    throw error
  }
}

function retryDelayMs(attempt: number): number {
  return Math.min(RETRY_DELAY_MS * 2 ** (attempt - 1), RETRY_DELAY_MS_MAX)
}

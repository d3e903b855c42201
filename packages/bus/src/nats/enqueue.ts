import { type QueueDefinition, REQUEST_TIMEOUT_MS } from '@executor/contracts'
import { jetstream } from '@nats-io/jetstream'
import { errors, headers } from '@nats-io/transport-node'
import { busFailure } from '../failures.ts'
import type { Carrier } from '../telemetry.ts'
import { startTimer } from '../timer.ts'
import { toTraceHeaders } from './headers.ts'
import type { Line } from './line.ts'
import type { Subjects } from './subjects.ts'
import { ensureStream, toQueueFailure } from './work-stream.ts'

/** One try; the whole of them has as long as any request. */
const ATTEMPT_TIMEOUT_MS = 3_000
const RETRY_DELAY_MS = 200

/**
 * Puts a job where a crash does not reach it. The id makes trying again harmless, so an outage costs
 * time, not the job.
 */
export async function enqueue(
  { line, subjects }: { line: Line; subjects: Subjects },
  queue: QueueDefinition,
  job: { id: string; body: string; carrier: Carrier | undefined },
): Promise<void> {
  const deadline = Date.now() + REQUEST_TIMEOUT_MS
  const data = Buffer.from(job.body)
  let failure = busFailure.noResponders(queue.subject)
  while (await line.whenUp(deadline - Date.now())) {
    try {
      await jetstream(line.connection).publish(subjects.of(queue.subject), data, {
        msgID: `${queue.subject}:${job.id}`,
        headers: toTraceHeaders(job.carrier) ?? headers(),
        timeout: ATTEMPT_TIMEOUT_MS,
      })
      return
    } catch (error) {
      failure = toQueueFailure(queue.subject, error)
      if (failure.code !== 'unavailable' || Date.now() >= deadline) throw failure
      if (hasNoStream(error)) await makeStream({ line, subjects }, queue)
      else await startTimer(RETRY_DELAY_MS).elapsed
    }
  }
  throw failure
}

/** NATS has nobody who listens on the queue's subject: the client calls that JetStream missing. */
function hasNoStream(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof errors.RequestError && cause.isNoResponders()
}

/** The first job of a deployment finds no stream yet. */
async function makeStream(
  { line, subjects }: { line: Line; subjects: Subjects },
  queue: QueueDefinition,
): Promise<void> {
  try {
    await ensureStream(line.connection, subjects, queue)
  } catch (error) {
    const failure = toQueueFailure(queue.subject, error)
    if (failure.code !== 'unavailable') throw failure
    await startTimer(RETRY_DELAY_MS).elapsed
  }
}

import { isServiceError, type QueueDefinition, type ServiceError } from '@executor/contracts'
import {
  AckPolicy,
  DiscardPolicy,
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream'
import { errors, type NatsConnection, nanos } from '@nats-io/transport-node'
import { busFailure } from '../failures.ts'
import { DEDUPLICATION_WINDOW_MS, JOBS_WAITING_MAX, MESSAGE_BYTES_MAX } from '../limits.ts'
import type { Subjects } from './subjects.ts'

/** Headers travel beside the job. */
const STORED_BYTES_MAX = MESSAGE_BYTES_MAX + 16 * 1024
/** Jobs that all workers of a queue together have in hand. */
const JOBS_IN_HAND_MAX = 10_000
/** Pulls that wait on the server: every free hand of every worker is one. */
const PULLS_WAITING_MAX = 10_000
/** JetStream's own error codes (nats-server, server/errors.json). */
const STREAM_NAME_IN_USE = 10_058
const CONSUMER_EXISTS = 10_148
const STORE_FAILED = 10_077

/**
 * Makes the stream that holds a service's queues, or brings it up to date. A job leaves it when it
 * is acknowledged; when it is full, it refuses instead of forgetting.
 */
export async function ensureStream(
  connection: NatsConnection,
  subjects: Subjects,
  queue: QueueDefinition,
): Promise<void> {
  const { stream, subjects: all } = subjects.workStream(queue.subject)
  const { streams } = await jetstreamManager(connection, { checkAPI: false })
  const config = {
    subjects: [all],
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_msgs: JOBS_WAITING_MAX,
    max_msg_size: STORED_BYTES_MAX,
    duplicate_window: nanos(DEDUPLICATION_WINDOW_MS),
  }
  try {
    await streams.add({ name: stream, retention: RetentionPolicy.Workqueue, ...config })
  } catch (error) {
    if (!isApiError(error, STREAM_NAME_IN_USE)) throw error
    await streams.update(stream, config)
  }
}

/** Makes all that working on a queue takes. */
export async function ensureQueue(
  connection: NatsConnection,
  subjects: Subjects,
  queue: QueueDefinition,
): Promise<void> {
  try {
    await ensureStream(connection, subjects, queue)
    await ensureConsumer(connection, subjects, queue)
  } catch (error) {
    throw toQueueFailure(queue.subject, error)
  }
}

/** The durable consumer is shared by all workers of a queue. */
async function ensureConsumer(
  connection: NatsConnection,
  subjects: Subjects,
  queue: QueueDefinition,
): Promise<void> {
  const { stream, consumer } = subjects.workStream(queue.subject)
  const { consumers } = await jetstreamManager(connection, { checkAPI: false })
  const config = { ack_wait: nanos(queue.ackWaitMs), max_ack_pending: JOBS_IN_HAND_MAX }
  try {
    await consumers.add(stream, {
      durable_name: consumer,
      ack_policy: AckPolicy.Explicit,
      filter_subject: subjects.of(queue.subject),
      // Attempts are counted by the workers, who can tell somebody when they drop a job.
      max_deliver: -1,
      max_waiting: PULLS_WAITING_MAX,
      ...config,
    })
  } catch (error) {
    if (!isApiError(error, CONSUMER_EXISTS)) throw error
    await consumers.update(stream, consumer, config)
  }
}

/** What JetStream says, in our words. */
export function toQueueFailure(subject: string, error: unknown): ServiceError {
  if (isServiceError(error)) return error
  if (isApiError(error, STORE_FAILED)) return busFailure.queueFull(subject, error)
  const cause = error instanceof errors.RequestError ? error.cause : error
  if (cause instanceof errors.PermissionViolationError) {
    return busFailure.notPermitted(subject, cause)
  }
  return busFailure.connectionLost(subject, error)
}

function isApiError(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code
}

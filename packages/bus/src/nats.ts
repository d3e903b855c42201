import type { ServiceError } from '@executor/contracts'
import { connect, errors, type NatsConnection } from '@nats-io/transport-node'
import type { Bus } from './bus.ts'
import { createBus } from './create-bus.ts'
import { busFailure } from './failures.ts'
import { createReporter, type OnError } from './faults.ts'
import { enqueue } from './nats/enqueue.ts'
import { findCarrier, toTraceHeaders } from './nats/headers.ts'
import { Line } from './nats/line.ts'
import { Puller } from './nats/puller.ts'
import { Requester } from './nats/requester.ts'
import { serve } from './nats/serve.ts'
import { createSubjects } from './nats/subjects.ts'
import { AssemblyBudget, MESSAGE_BYTES_NEEDED, toText } from './nats/transfer.ts'
import { ensureQueue } from './nats/work-stream.ts'
import { createTelemetry } from './telemetry.ts'
import { startTimer } from './timer.ts'
import type { EventListener, OutgoingEvent, Transport, Worker } from './transport.ts'

/** Milliseconds a process waits for NATS at its start. */
const CONNECT_TIMEOUT_MS = 30_000
const PROBE_INTERVAL_MS = 3_000
const RECONNECT_DELAY_MS = 250
/** A half-open connection is noticed after three of these. */
const PING_INTERVAL_MS = 10_000

export interface NatsBusOptions {
  servers: string | string[]
  /** The service that this process is; its inbox and its permissions hang on it. */
  name: string
  /** Absent only on a server without accounts. */
  user?: string
  password?: string
  /** Put before every subject by deployments that share one server. */
  prefix?: string
  onError?: OnError
  connectTimeoutMs?: number
  /** How often a request that takes long is asked after; three silences mean that its server died. */
  probeIntervalMs?: number
}

/** A bus over NATS. Waits for the server at the start, and comes back after every outage. */
export async function connectNatsBus(options: NatsBusOptions): Promise<Bus> {
  const { name, prefix = '' } = options
  const report = createReporter(options.onError)
  const telemetry = createTelemetry()
  const subjects = createSubjects(prefix, name)
  const line = new Line(await connectPatiently(options, subjects.inboxPrefix), report)
  const budget = new AssemblyBudget()
  const probeIntervalMs = options.probeIntervalMs ?? PROBE_INTERVAL_MS
  const requester = new Requester(line, subjects, { budget, probeIntervalMs })
  await line.flush()
  const unfitness = findUnfitness(line.connection, requester)
  if (unfitness !== null) {
    requester.close()
    await line.close()
    throw unfitness
  }

  async function work(worker: Worker) {
    const ensure = () => ensureQueue(line.connection, subjects, worker.queue)
    await ensure()
    return new Puller({ line, subjects }, worker, { ensure, report })
  }

  /** Whoever publishes has done its work: a full buffer is the log's matter, not the caller's. */
  function publish({ subject, body, carrier }: OutgoingEvent) {
    const headers = toTraceHeaders(carrier)
    try {
      line.send({ subject: subjects.of(subject), data: Buffer.from(body), headers })
    } catch (error) {
      report(error, { during: 'transport', subject })
    }
  }

  async function subscribe({ subject, deliver, missed }: EventListener) {
    const unwatch = line.watch({ up: () => void missed() })
    const subscription = line.subscribe(subjects.of(subject), ({ data, headers }) => {
      void deliver(toText(data), findCarrier(headers))
    })
    await line.flush()
    const stop = () => {
      unwatch()
      subscription.stop()
    }
    if (subscription.isRefused) {
      stop()
      throw busFailure.notPermitted(subject)
    }
    return { drain: async () => stop() }
  }

  const transport: Transport = {
    send: (outgoing) => requester.send(outgoing),
    serve: (service, instance, endpoints) =>
      serve({ line, subjects, budget }, { service, instance, endpoints }, { telemetry, report }),
    isServing: (service, instance) => requester.isServing(service, instance),
    publish,
    subscribe,
    enqueue: (queue, job) => enqueue({ line, subjects }, queue, job),
    work,
    close: async () => {
      requester.close()
      await line.close()
    },
  }
  return createBus(transport, { telemetry, report })
}

/** Wiring that is wrong from the start is told at the start, not by every request in turn. */
function findUnfitness(connection: NatsConnection, requester: Requester): ServiceError | null {
  if (requester.isRefused) return busFailure.notPermitted('its own inbox')
  const bytesMax = connection.info?.max_payload ?? MESSAGE_BYTES_NEEDED
  return bytesMax < MESSAGE_BYTES_NEEDED
    ? busFailure.serverUnfit(`max_payload is ${bytesMax}, below ${MESSAGE_BYTES_NEEDED}`)
    : null
}

/** The server may start after us; a refused login will not get better by waiting. */
async function connectPatiently(
  options: NatsBusOptions,
  inboxPrefix: string,
): Promise<NatsConnection> {
  const deadline = Date.now() + (options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS)
  while (true) {
    try {
      return await connect({
        servers: options.servers,
        name: options.name,
        inboxPrefix,
        ...(options.user === undefined ? {} : { user: options.user }),
        ...(options.password === undefined ? {} : { pass: options.password }),
        maxReconnectAttempts: -1,
        reconnectTimeWait: RECONNECT_DELAY_MS,
        pingInterval: PING_INTERVAL_MS,
        // A server that restarts may refuse for a moment what it accepted before.
        ignoreAuthErrorAbort: true,
        noAsyncTraces: true,
      })
    } catch (error) {
      if (error instanceof errors.AuthorizationError) throw busFailure.notPermitted('NATS', error)
      if (Date.now() >= deadline) throw busFailure.connectionLost('NATS', error)
      await startTimer(RECONNECT_DELAY_MS).elapsed
    }
  }
}

import { randomUUID } from 'node:crypto'
import { PAYLOAD_BYTES_MAX, REQUEST_TIMEOUT_MS } from '@executor/contracts'
import type { AnyContract, AnyMethod, Bus, Handler, RequestOptions, Subscription } from './bus.ts'
import { decodeAnswer, decodeBody, encodeBody } from './envelope.ts'
import { busFailure } from './failures.ts'
import type { OnError } from './faults.ts'
import { MESSAGE_BYTES_MAX } from './limits.ts'
import { toGivenUp } from './pending.ts'
import { createJobRunner } from './run-job.ts'
import type { Telemetry } from './telemetry.ts'
import { TIMER_MS_MAX } from './timer.ts'
import type { Endpoint, Transport } from './transport.ts'

/** A bus over any transport: everything that must be the same for all of them. */
export function createBus(
  transport: Transport,
  { telemetry, report }: { telemetry: Telemetry; report: OnError },
): Bus {
  const open = new Set<Subscription>()
  let closing: Promise<void> | undefined
  let isClosed = false

  function assertAccepting(): void {
    if (closing !== undefined) throw busFailure.closed()
  }

  /** While it drains, a bus still carries what the last handlers ask for. */
  function assertOpen(): void {
    if (isClosed) throw busFailure.closed()
  }

  /** `close` drains what is still open, and what was drained already costs nothing. */
  function track(subscription: Subscription): Subscription {
    let draining: Promise<void> | undefined
    const tracked: Subscription = {
      drain: () => {
        draining ??= subscription.drain().finally(() => open.delete(tracked))
        return draining
      },
    }
    open.add(tracked)
    return tracked
  }

  async function ask(method: AnyMethod, input: unknown, options: RequestOptions): Promise<unknown> {
    const { subject } = method
    const { principal, signal, attachment } = options
    const span = telemetry.startClient(subject)
    try {
      assertOpen()
      if (signal?.aborted) throw toGivenUp(subject, signal)
      const body = encodeBody(subject, input, PAYLOAD_BYTES_MAX - (attachment?.length ?? 0))
      const wantedMs = options.timeoutMs ?? method.timeoutMs ?? REQUEST_TIMEOUT_MS
      const timeoutMs = Math.min(wantedMs, TIMER_MS_MAX)
      const { carrier } = span
      const asked = { method, principal, body, attachment, carrier, timeoutMs, signal }
      const answer = await transport.send(asked)
      const output = decodeAnswer(method, answer)
      span.end()
      return output
    } catch (error) {
      span.end(error)
      throw error
    }
  }

  async function closeAll(): Promise<void> {
    await Promise.all([...open].map((subscription) => subscription.drain()))
    isClosed = true
    await transport.close()
  }

  return {
    // The contract's types say what `decodeAnswer` checks at run time.
    request: (method, input, options) => ask(method, input, options) as Promise<never>,
    serve: async (contract, handlers, { instance = randomUUID() } = {}) => {
      assertAccepting()
      const endpoints = toEndpoints(contract, handlers)
      return track(await transport.serve(contract.service, instance, endpoints))
    },
    isServing: async (service, instance) => {
      assertOpen()
      return transport.isServing(service, instance)
    },
    publish: ({ subject }, payload) => {
      assertOpen()
      const body = encodeBody(subject, payload, MESSAGE_BYTES_MAX)
      transport.publish({ subject, body, carrier: telemetry.carrier() })
    },
    subscribe: async ({ subject, payload }, listener, options) => {
      assertAccepting()
      const fault = { during: 'event', subject } as const
      const guard = async (task: () => unknown) => {
        try {
          await task()
        } catch (error) {
          report(error, fault)
        }
      }
      const subscription = await transport.subscribe({
        subject,
        deliver: (body, carrier) =>
          guard(() => {
            const event = decodeBody(subject, payload, body)
            return telemetry.runIn(carrier, () => listener(event as never))
          }),
        missed: () => guard(() => options?.missed?.()),
      })
      return track(subscription)
    },
    enqueue: async (queue, job, { id }) => {
      assertOpen()
      const body = encodeBody(queue.subject, job, MESSAGE_BYTES_MAX)
      await transport.enqueue(queue, { id, body, carrier: telemetry.carrier() })
    },
    work: async (queue, { concurrency }, handler) => {
      assertAccepting()
      const run = createJobRunner(queue, handler as never, { telemetry, report })
      return track(await transport.work({ queue, concurrency, run }))
    },
    close: () => {
      closing ??= closeAll()
      return closing
    },
  }
}

function toEndpoints(
  contract: AnyContract,
  handlers: Record<string, Handler<never> | undefined>,
): Endpoint[] {
  return Object.entries(contract.methods).map(([name, method]) => {
    const handler = handlers[name]
    if (handler === undefined) throw busFailure.noResponders(method.subject)
    return { method, handler: handler as Handler<AnyMethod> }
  })
}

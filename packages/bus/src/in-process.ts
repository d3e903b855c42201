import { answer } from './answer.ts'
import type { Bus, Subscription } from './bus.ts'
import { Cancellation } from './cancellation.ts'
import { createBus } from './create-bus.ts'
import type { Answer } from './envelope.ts'
import { createReporter, type OnError } from './faults.ts'
import { MemoryQueue } from './in-process/memory-queue.ts'
import { Served } from './in-process/served.ts'
import { Pending } from './pending.ts'
import { createTelemetry } from './telemetry.ts'
import type { EventListener, Outgoing, Transport } from './transport.ts'

export interface InProcessBus {
  /** The bus as one service sees it. `name` is who asks: `gateway` is refused internal methods. */
  connect(name: string): Bus
  /** Drains every bus that was connected, the last one first. */
  close(): Promise<void>
}

/** All services in one process: texts travel as they would between processes, over no wire. */
export function createInProcessBus(options: { onError?: OnError } = {}): InProcessBus {
  const report = createReporter(options.onError)
  const telemetry = createTelemetry()
  const served = new Served()
  const listeners = new Map<string, Set<EventListener>>()
  const queues = new Map<string, MemoryQueue>()
  const buses: Bus[] = []

  function send(caller: string, outgoing: Outgoing): Promise<Answer> {
    const { method, principal, body: text, attachment, carrier, timeoutMs, signal } = outgoing
    const deadline = Date.now() + timeoutMs
    const instance = served.pick(method.subject, deadline)
    const cancellation = new Cancellation(method.subject, deadline)
    const pending = new Pending<Answer>({
      subject: method.subject,
      timeoutMs,
      signal,
      onGiveUp: (reason) => {
        cancellation.abort(reason)
        instance.release()
      },
    })
    // Never synchronous: a caller's next line runs before the handler's first.
    queueMicrotask(async () => {
      const body = () => ({ text, attachment })
      const incoming = { caller, principal, carrier, cancellation, body }
      pending.resolve(await answer(instance.endpoint, incoming, { telemetry, report }))
      cancellation.release()
      if (!cancellation.isAborted) instance.release()
    })
    return pending.promise
  }

  function subscribe(listener: EventListener): Subscription {
    const all = listeners.get(listener.subject) ?? new Set()
    listeners.set(listener.subject, all.add(listener))
    return {
      drain: async () => {
        all.delete(listener)
      },
    }
  }

  function queueOf(queue: { subject: string; ackWaitMs: number }): MemoryQueue {
    const known = queues.get(queue.subject) ?? new MemoryQueue(queue)
    queues.set(queue.subject, known)
    return known
  }

  function transport(name: string): Transport {
    return {
      send: (outgoing) => send(name, outgoing),
      serve: async (service, instance, endpoints) => served.add(service, instance, endpoints),
      isServing: async (service, instance) => served.has(service, instance),
      publish: ({ subject, body, carrier }) => {
        for (const listener of listeners.get(subject) ?? []) {
          queueMicrotask(async () => {
            if (listeners.get(subject)?.has(listener)) await listener.deliver(body, carrier)
          })
        }
      },
      subscribe: async (listener) => subscribe(listener),
      enqueue: async (queue, job) => queueOf(queue).add(job),
      work: async (worker) => ({ drain: queueOf(worker.queue).join(worker) }),
      close: async () => {},
    }
  }

  return {
    connect: (name) => {
      const bus = createBus(transport(name), { telemetry, report })
      buses.push(bus)
      return bus
    },
    close: async () => {
      // Whoever came last was built on those before.
      for (const bus of buses.reverse()) await bus.close()
      for (const queue of queues.values()) queue.close()
    },
  }
}

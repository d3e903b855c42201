import { Svcm } from '@nats-io/services'
import type { Subscription } from '../bus.ts'
import { busFailure } from '../failures.ts'
import type { OnError } from '../faults.ts'
import type { Telemetry } from '../telemetry.ts'
import { startTimer } from '../timer.ts'
import type { Endpoint } from '../transport.ts'
import type { Line } from './line.ts'
import { Responder } from './responder.ts'
import { Streams } from './streams.ts'
import type { Subjects } from './subjects.ts'
import type { AssemblyBudget } from './transfer.ts'

/** What the NATS Service API shows; contracts have no versions of their own. */
const SERVICE_VERSION = '1.0.0'
/** Milliseconds for the server to confirm that it sends no more requests. */
const STOP_TIMEOUT_MS = 10_000

/** Serves through the NATS Service API, so that `nats service ls` and its statistics work. */
export async function serve(
  { line, subjects, budget }: { line: Line; subjects: Subjects; budget: AssemblyBudget },
  { service, instance, endpoints }: { service: string; instance: string; endpoints: Endpoint[] },
  deps: { telemetry: Telemetry; report: OnError },
): Promise<Subscription> {
  const streams = new Streams(line, budget, subjects.streamPrefix(service, instance))
  const presence = subjects.presence(service, instance)
  const responder = new Responder({ line, subjects, streams, presence }, deps)
  const cancels = line.subscribe(subjects.cancel(service), ({ reply }) =>
    responder.cancel(reply ?? ''),
  )
  const probes = line.subscribe(subjects.probe(service), ({ reply }) =>
    responder.probe(reply ?? ''),
  )
  const presences = line.subscribe(presence, ({ reply }) => responder.sayHere(reply ?? ''))
  const companions = [cancels, probes, presences, streams]
  const stopAll = () => {
    for (const companion of companions) companion.stop()
  }
  // The package declares a client of its own, older version; at run time it asks for nothing else.
  const services = new Svcm(line.connection as unknown as ConstructorParameters<typeof Svcm>[0])
  const registered = await services.add({
    name: service,
    version: SERVICE_VERSION,
    queue: service,
  })
  for (const endpoint of endpoints) {
    const { subject } = endpoint.method
    registered.addEndpoint(subject.slice(subject.lastIndexOf('.') + 1), {
      subject: subjects.of(subject),
      // A callback, not the iterator: one turn of the loop less for every request.
      handler: (error, message) => {
        if (error === null) responder.accept(endpoint, message)
      },
    })
  }
  // The server has read every subscription once it answers; a refused one stops the service.
  await line.flush()
  if (registered.isStopped || companions.some(({ isRefused }) => isRefused)) {
    await registered.stop()
    stopAll()
    throw busFailure.notPermitted(service)
  }
  void registered.stopped.then((error) => {
    if (error !== null) deps.report(error, { during: 'transport', subject: service })
  })

  return {
    drain: async () => {
      const { elapsed, stop } = startTimer(STOP_TIMEOUT_MS)
      await Promise.race([registered.stop(), elapsed])
      stop()
      await responder.inFlight.whenIdle()
      await line.flush()
      stopAll()
    },
  }
}

import type { Subscription } from '../bus.ts'
import { busFailure } from '../failures.ts'
import { InFlight } from '../in-flight.ts'
import { REQUESTS_IN_FLIGHT_MAX } from '../limits.ts'
import type { Endpoint } from '../transport.ts'

interface Seat {
  endpoint: Endpoint
  /** One `serve` call's requests, so that its drain knows when the last one is answered. */
  inFlight: InFlight
}

/** Who answers what. Instances of one service take turns. */
export class Served {
  readonly #seats = new Map<string, Seat[]>()
  readonly #instances = new Set<string>()

  add(service: string, instance: string, endpoints: Endpoint[]): Subscription {
    const inFlight = new InFlight()
    this.#instances.add(`${service}.${instance}`)
    for (const endpoint of endpoints) {
      const { subject } = endpoint.method
      this.#seats.set(subject, [...(this.#seats.get(subject) ?? []), { endpoint, inFlight }])
    }
    return {
      drain: async () => {
        for (const { method } of endpoints) this.#remove(method.subject, inFlight)
        await inFlight.whenIdle()
        this.#instances.delete(`${service}.${instance}`)
      },
    }
  }

  has(service: string, instance: string): boolean {
    return this.#instances.has(`${service}.${instance}`)
  }

  /** Takes the next instance in turn; `release` says that its answer is out. */
  pick(subject: string, deadline: number): { endpoint: Endpoint; release: () => void } {
    const seats = this.#seats.get(subject)
    const seat = seats?.[0]
    if (seats === undefined || seat === undefined) throw busFailure.noResponders(subject)
    if (seats.length > 1) seats.push(...seats.splice(0, 1))
    const { endpoint, inFlight } = seat
    if (inFlight.count >= REQUESTS_IN_FLIGHT_MAX) throw busFailure.tooManyRequests()
    inFlight.start(deadline)
    return { endpoint, release: () => inFlight.finish() }
  }

  #remove(subject: string, inFlight: InFlight): void {
    const left = this.#seats.get(subject)?.filter((seat) => seat.inFlight !== inFlight) ?? []
    if (left.length === 0) this.#seats.delete(subject)
    else this.#seats.set(subject, left)
  }
}

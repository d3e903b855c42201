import { BoundedCache } from '../bounded-cache.ts'
import { orAborted } from '../or-aborted.ts'

/** What services have told, for as long as a change to it is not answered (`LEASE_MS`). */
export interface Leases<T> {
  /**
   * What is held under the key, or what `ask` comes to; what is held was asked for a lease ago at the
   * most. Calls that come together share one question, and each stops waiting when its own signal says so.
   */
  take(key: string, ask: () => Promise<T>, signal: AbortSignal): Promise<T>
}

interface Lease<T> {
  answer: Promise<T>
  endsAt: number
}

/** Credentials among others: what is over is forgotten at once, and never kept for its size alone. */
const LEASES_MAX = 10_000

/** With `ms` 0 every call asks for itself. */
export function createLeases<T>(
  ms: number,
  now: () => number = () => performance.now(),
): Leases<T> {
  const held = new BoundedCache<Lease<T>>(LEASES_MAX)

  function ask(key: string, question: () => Promise<T>): Promise<T> {
    // Counted from before it is asked: the answer is no older than that.
    const lease: Lease<T> = { endsAt: now() + ms, answer: question() }
    held.set(key, lease)
    const forget = () => held.remove(key, lease)
    setTimeout(forget, ms).unref()
    lease.answer.catch(forget)
    return lease.answer
  }

  /** What was missing when somebody else asked may be there by now: nobody shares a failure from before. */
  async function join({ answer }: Lease<T>, key: string, question: () => Promise<T>): Promise<T> {
    try {
      return await answer
    } catch {
      const since = held.find(key)
      return since ? since.answer : ask(key, question)
    }
  }

  return {
    take(key, question, signal) {
      if (ms === 0) return question()
      const lease = held.find(key)
      const isHeld = lease !== undefined && lease.endsAt > now()
      return orAborted(isHeld ? join(lease, key, question) : ask(key, question), signal)
    },
  }
}

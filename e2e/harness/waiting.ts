import { setTimeout as sleep } from 'node:timers/promises'
import { invariant } from '@executor/contracts'

const POLL_MS = 40

/**
 * Asks until there is an answer (anything but null, undefined and false), for `ms` at most. What the
 * question throws counts as no answer yet, and is told when the time is over.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  ms = 30_000,
): Promise<T> {
  const deadline = Date.now() + ms
  let last: unknown = 'no answer'
  while (Date.now() < deadline) {
    try {
      const answer = await ask()
      if (answer !== null && answer !== undefined && answer !== false) return answer
    } catch (error) {
      last = error
    }
    await sleep(POLL_MS)
  }
  invariant(false, `${what}: not within ${ms} ms (${last instanceof Error ? last.message : last})`)
}

/** `count` times the same work, `concurrency` of them at a time; results in the order of the work. */
export async function inParallel<T>(
  count: number,
  concurrency: number,
  work: (index: number) => Promise<T>,
): Promise<T[]> {
  const results = new Array<T>(count)
  let next = 0
  const lane = async () => {
    while (next < count) {
      const index = next++
      results[index] = await work(index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, lane))
  return results
}

import { median, quantile } from './statistics.ts'

/** One call of a load, told its number. */
export type Task = (index: number) => Promise<unknown>

/** Milliseconds that a series of calls takes at most: on a slow machine fewer of them are made. */
const SERIES_MS_MAX = 5_000
/** Milliseconds of load that one rate is taken from. */
const RATE_MS = 2_000

/** Milliseconds that each of `count` calls took, one after the other. */
export async function timeEach(count: number, task: Task): Promise<number[]> {
  const timesMs: number[] = []
  const endMs = performance.now() + SERIES_MS_MAX
  for (let index = 0; index < count && performance.now() < endMs; index += 1) {
    const startedMs = performance.now()
    await task(index)
    timesMs.push(performance.now() - startedMs)
  }
  return timesMs
}

export interface Load {
  calls: number
  perSecond: number
}

/** Keeps `inFlight` calls under way for a while. */
export async function load(inFlight: number, task: Task, ms = RATE_MS): Promise<Load> {
  let calls = 0
  const startedMs = performance.now()
  const endMs = startedMs + ms
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (performance.now() < endMs) await task(calls++)
    }),
  )
  return { calls, perSecond: calls / ((performance.now() - startedMs) / 1000) }
}

/** What takes turns meets the same noise: measures every way once per round, and keeps the medians. */
export async function inTurns<Name extends string>(
  rounds: number,
  ways: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(ways) as Name[]
  const taken = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) taken.get(name)?.push(await ways[name]())
  const medians = names.map((name) => [name, median(taken.get(name) ?? [])])
  return Object.fromEntries(medians) as Record<Name, number>
}

export const p50 = (timesMs: readonly number[]): number => quantile(timesMs, 0.5)
export const p95 = (timesMs: readonly number[]): number => quantile(timesMs, 0.95)

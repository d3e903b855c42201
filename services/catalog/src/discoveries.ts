import { createLimiter } from './limiter.ts'

/** Milliseconds until what failed is tried again, doubled each time. */
const RETRY_MS = 5_000
const RETRY_MS_MAX = 5 * 60_000
const AT_ONCE_MAX = 8
const FAILURES_MAX = 10_000

/** What is found out, and from what: another basis makes it another question. */
export interface Question {
  key: string
  basis: string
}

/** Finds things out, each once at a time; leaves alone for a while what could not be found out. */
export interface Discoveries<T> {
  /** Starts, or joins what runs; null while the same question waits to be asked again. */
  start(question: Question, work: () => Promise<T>): Promise<T> | null
  /** Starts in any case, after what runs. */
  restart(question: Question, work: () => Promise<T>): Promise<T>
  /** Waits for what runs. */
  close(): Promise<void>
}

export function createDiscoveries<T>(now: () => number = Date.now): Discoveries<T> {
  const limiter = createLimiter(AT_ONCE_MAX)
  const running = new Map<string, { basis: string; work: Promise<T> }>()
  const failures = new Map<string, { basis: string; count: number; retryAt: number }>()

  function settle({ key, basis }: Question, work: Promise<T>, failed: boolean): void {
    if (running.get(key)?.work === work) running.delete(key)
    const before = failures.get(key)
    failures.delete(key)
    if (!failed) return
    const count = before?.basis === basis ? before.count + 1 : 1
    const retryAt = now() + Math.min(RETRY_MS * 2 ** (count - 1), RETRY_MS_MAX)
    failures.set(key, { basis, count, retryAt })
    const [oldest] = failures.size > FAILURES_MAX ? failures.keys() : []
    if (oldest !== undefined) failures.delete(oldest)
  }

  function restart(question: Question, work: () => Promise<T>): Promise<T> {
    const before = running.get(question.key)?.work.then(ignore, ignore) ?? Promise.resolve()
    const found = before.then(() => limiter.run(work))
    running.set(question.key, { basis: question.basis, work: found })
    found.then(
      () => settle(question, found, false),
      () => settle(question, found, true),
    )
    return found
  }

  return {
    restart,
    start(question, work) {
      const current = running.get(question.key)
      if (current?.basis === question.basis) return current.work
      const failure = failures.get(question.key)
      if (failure?.basis === question.basis && failure.retryAt > now()) return null
      return restart(question, work)
    },
    async close() {
      await Promise.allSettled([...running.values()].map(({ work }) => work))
    },
  }
}

function ignore(): void {}

import type { RunStatus } from '@executor/contracts'

/** Who waits in this process for something to happen to a run. */
export interface Waiters {
  /** Resolves on the next news of a run, after `ms` at the latest, or when the signal aborts. */
  next(runId: string, ms: number, signal: AbortSignal): Promise<void>
  tell(runId: string): void
}

export function createWaiters(): Waiters {
  const waiting = new Map<string, Set<() => void>>()
  return {
    next(runId, ms, signal) {
      return new Promise((resolve) => {
        const set = waiting.get(runId) ?? new Set()
        waiting.set(runId, set)
        const done = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          set.delete(done)
          if (set.size === 0 && waiting.get(runId) === set) waiting.delete(runId)
          resolve()
        }
        const timer = setTimeout(done, ms)
        signal.addEventListener('abort', done, { once: true })
        set.add(done)
        if (signal.aborted) done()
      })
    },
    tell(runId) {
      for (const done of [...(waiting.get(runId) ?? [])]) done()
    },
  }
}

/** A run in one of these states never changes again. */
export function isSettled(status: RunStatus): status is 'completed' | 'failed' | 'cancelled' {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}

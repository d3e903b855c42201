import type { RunStatus } from '@executor/contracts'

/** Who waits in this process for something to happen to a run. */
export interface Waiters {
  /** Hears of the run from now on, until it is closed. */
  listen(runId: string): RunNews
  tell(runId: string): void
}

export interface RunNews {
  /**
   * Resolves on the next news of the run, or at once when there was some since the last time: whoever
   * looks and then waits misses none. After `ms` at the latest, or when the signal aborts.
   */
  next(ms: number, signal: AbortSignal): Promise<void>
  close(): void
}

export function createWaiters(): Waiters {
  const listening = new Map<string, Set<() => void>>()
  return {
    listen(runId) {
      let isTold = false
      let wake: (() => void) | null = null
      const tell = () => {
        isTold = true
        wake?.()
      }
      const set = listening.get(runId) ?? new Set()
      listening.set(runId, set.add(tell))
      return {
        async next(ms, signal) {
          if (!isTold && !signal.aborted) {
            await new Promise<void>((resolve) => {
              const done = () => {
                clearTimeout(timer)
                signal.removeEventListener('abort', done)
                resolve()
              }
              const timer = setTimeout(done, ms)
              signal.addEventListener('abort', done, { once: true })
              wake = done
            })
          }
          wake = null
          isTold = false
        },
        close() {
          set.delete(tell)
          if (set.size === 0 && listening.get(runId) === set) listening.delete(runId)
        },
      }
    },
    tell(runId) {
      for (const tell of [...(listening.get(runId) ?? [])]) tell()
    },
  }
}

/** A run in one of these states never changes again. */
export function isSettled(status: RunStatus): status is 'completed' | 'failed' | 'cancelled' {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}

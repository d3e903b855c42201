import type { RunChange } from '@executor/contracts'

/** Milliseconds between two messages: agents call faster than anybody can look. */
export const RUN_NEWS_MS = 250
/** Runs of one message; where it would be more, a view reads its list again anyway. */
const RUNS_MAX = 500

/** What readers of the same rights are told of runs. */
export interface RunNews {
  add(run: Omit<RunChange, 'tenant'>): void
  /** Sends what was added, at once when nothing was sent lately. */
  send(): void
  /** Sends what was held back, before something that happened after it. */
  flush(): void
  /** Forgets what was held back. */
  close(): void
}

/** `deliver` gets one JSON text for all of its readers. */
export function createRunNews(deliver: (text: string) => void): RunNews {
  const collected = new Map<string, Omit<RunChange, 'tenant'>>()
  let isCut = false
  let timer: NodeJS.Timeout | null = null

  function flush(): void {
    if (collected.size === 0) return
    const news = isCut ? { type: 'missed' } : { type: 'runsChanged', runs: [...collected.values()] }
    forget()
    deliver(JSON.stringify(news))
  }
  function forget(): void {
    collected.clear()
    isCut = false
  }
  function rest(): void {
    timer = setTimeout(() => {
      timer = null
      send()
    }, RUN_NEWS_MS)
    timer.unref()
  }
  function send(): void {
    if (timer || collected.size === 0) return
    flush()
    rest()
  }
  return {
    add(run) {
      // The latest state, in the place of the latest change.
      collected.delete(run.id)
      if (collected.size >= RUNS_MAX) isCut = true
      else collected.set(run.id, run)
    },
    send,
    flush,
    close() {
      if (timer) clearTimeout(timer)
      timer = null
      forget()
    },
  }
}

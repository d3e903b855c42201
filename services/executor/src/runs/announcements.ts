import type { Bus } from '@executor/bus'
import { RUN_CHANGES_MAX, type RunChange, runsChanged } from '@executor/contracts'
import type { RunRow } from '../store/rows.ts'
import { shownStatus } from './translate.ts'

/** Tells everybody who watches what became of runs. */
export interface Announcements {
  tell(run: RunRow): void
  /** Tells what has been collected, and nothing after that. */
  close(): void
}

/**
 * Milliseconds in which single calls, and what has just begun, are collected: each message goes to every
 * gateway and every worker, and somebody who watches cannot see the difference.
 */
const COLLECT_MS = 20

/** What somebody waits for is told at once, and with it whatever was collected, in its order. */
export function createAnnouncements(bus: Bus): Announcements {
  const collected = new Map<string, RunChange>()
  let timer: NodeJS.Timeout | null = null
  let isClosed = false

  function flush(): void {
    if (timer) clearTimeout(timer)
    timer = null
    const runs = [...collected.values()]
    collected.clear()
    if (runs.length > 0) bus.publish(runsChanged, { runs })
  }

  return {
    close() {
      isClosed = true
      flush()
    },
    tell(run) {
      if (isClosed) return
      const { tenant, id, subject, title } = run
      const status = shownStatus(run)
      collected.delete(id)
      collected.set(id, { tenant, id, subject, status, title })
      const isQuiet = status === 'running' || (run.kind === 'invocation' && status !== 'waiting')
      if (!isQuiet || collected.size >= RUN_CHANGES_MAX) flush()
      else timer ??= setTimeout(flush, COLLECT_MS).unref()
    },
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { SqliteConnection } from '../sqlite-connection.ts'
import { checkpointOf, leaveFile } from './thread.ts'

const PAGE_BYTES = 4096
/** Pages that a statement changes beside those of its data: indexes, mostly. */
const PAGES_PER_STATEMENT = 6
/** Written since the last checkpoint: time for the next. SQLite's own measure. */
const DUE_PAGES = 1_000
/** A log that is longer, and that writers keep from being emptied, is emptied while they wait. */
const LOG_PAGES_MAX = 3_000
/** Milliseconds that they wait at most; the checkpoint goes on beside them then. */
const PAUSE_MS_MAX = 2_000
/** Milliseconds for the thread to let go of a file that is closed. */
const LEAVE_MS_MAX = 2_000

/** Past this the connection does it by itself: 64 MiB of log. */
export const LAST_RESORT_PAGES = 16_384
/** What a log keeps of its file when it starts over. */
export const LOG_BYTES_KEPT = 16 * 1024 * 1024

export interface Checkpoints {
  /** Resolves when nothing but the owner's own connection holds the file. */
  close(): Promise<void>
}

/**
 * Empties a write-ahead log into its file on another thread. SQLite does it in the commit that makes
 * the log long enough, and waits for the disk there twice: for 5 to 200 ms in which a process with one
 * thread answers nobody. Where the thread fails, the connection does it by itself again.
 */
export function createCheckpoints(path: string, connection: SqliteConnection): Checkpoints {
  let pages = 0
  let underWay: Promise<void> | null = null
  let isOver = false

  async function checkpoint(): Promise<void> {
    const { logged, moved } = await checkpointOf(path)
    if (isOver || logged < LOG_PAGES_MAX || logged === moved) return
    // The next to write starts the log over only where all of it is in the file.
    const release = await connection.acquire()
    try {
      await within(PAUSE_MS_MAX, checkpointOf(path))
    } finally {
      release()
    }
  }

  function start(): void {
    pages = 0
    underWay = checkpoint()
      .catch((error: unknown) => {
        if (isOver) return
        isOver = true
        process.emitWarning('SQLite moves its log into its file by itself from now on.', {
          detail: String(error),
        })
        connection.executeScript(`PRAGMA wal_autocheckpoint = ${DUE_PAGES}`)
      })
      .finally(() => {
        underWay = null
      })
  }

  connection.onWrite = (chars) => {
    pages += PAGES_PER_STATEMENT + chars / PAGE_BYTES
    if (pages >= DUE_PAGES && underWay === null && !isOver) start()
  }
  return {
    async close() {
      isOver = true
      await within(LEAVE_MS_MAX, Promise.allSettled([underWay, leaveFile(path)]))
    },
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController()
  const elapsed = sleep(ms, undefined, { signal: timer.signal, ref: false })
  try {
    await Promise.race([work, elapsed])
  } finally {
    timer.abort()
    // Ended too early, which is what it throws.
    elapsed.catch(() => {})
  }
}

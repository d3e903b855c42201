import { isServiceError, ServiceError } from '@executor/contracts'
import type { InteractionRow, JournalRecord, RunRow, StepRow } from './store/rows.ts'

/**
 * Makes records durable in groups, by one writer: whoever needs durability waits for the group that
 * holds its records, nobody else waits for anything.
 */
export interface Journal {
  /** Remembers the latest state; durable with the next group. */
  append(run: RunRow, changes?: { step?: StepRow; interaction?: InteractionRow }): void
  /**
   * Resolves when everything appended for this run is durable. Throws `failed_precondition`
   * (`run_taken`) when another worker holds the run now: nothing may be sent for it any more.
   */
  flush(runId: string): Promise<void>
  /** Like `flush`, for whoever has time: hurries nothing. */
  whenWritten(runId: string): Promise<void>
  /** Resolves when everything appended for any run is durable. */
  flushAll(): Promise<void>
  close(): Promise<void>
}

/** Writes a group; answers the ids of the runs that were still held by their writer. */
export type WriteGroup = (records: JournalRecord[]) => Promise<Set<string>>

/** Milliseconds that records nobody waits for stay in memory: a quick call is written once, at its end. */
const LINGER_MS = 25
/** Rows in one group: bounds the time that one statement holds the store. */
const GROUP_RUNS_MAX = 256
/** Characters of results in one group. */
const GROUP_CHARS_MAX = 4_000_000
/** Milliseconds between two tries while the store is down. */
const RETRY_MS = 250
/** Milliseconds a store may be down before what waits is told so. */
const OUTAGE_MS_MAX = 60_000

interface Entry extends JournalRecord {
  waiters: { resolve: () => void; reject: (error: unknown) => void }[]
}

export function createJournal(
  write: WriteGroup,
  onError: (error: unknown, runId: string) => void,
): Journal {
  const pending = new Map<string, Entry>()
  let writing: Promise<void> | null = null
  /** What is being written; an entry leaves before whoever waits for it goes on, and may ask again. */
  let writingNow = new Map<string, Entry>()
  let lingering: NodeJS.Timeout | null = null
  /** How many of the pending, from the first on, are to be written now. */
  let due = 0
  let closed = false

  function entryOf(run: RunRow): Entry {
    const known = pending.get(run.id)
    if (known) {
      known.run = run
      return known
    }
    const entry: Entry = { run, steps: new Map(), interactions: new Map(), waiters: [] }
    pending.set(run.id, entry)
    return entry
  }

  function start(): void {
    if (lingering) {
      clearTimeout(lingering)
      lingering = null
    }
    due = pending.size
    if (writing || due === 0) return
    // One turn of the loop lets everything that is ready now join the group.
    writing = new Promise<void>((resolve) => setImmediate(resolve)).then(writeDue).finally(() => {
      writing = null
      linger()
    })
  }

  function linger(): void {
    if (pending.size >= GROUP_RUNS_MAX) start()
    else if (pending.size > 0 && !writing) lingering ??= setTimeout(start, LINGER_MS)
  }

  async function writeDue(): Promise<void> {
    while (due > 0) {
      const group = takeGroup()
      due = Math.max(0, due - group.size)
      writingNow = group
      await writeGroup([...group.values()])
    }
  }

  function takeGroup(): Map<string, Entry> {
    const group = new Map<string, Entry>()
    let chars = 0
    for (const [id, entry] of pending) {
      if (group.size >= GROUP_RUNS_MAX || chars > GROUP_CHARS_MAX) break
      chars += sizeOf(entry)
      group.set(id, entry)
      pending.delete(id)
    }
    return group
  }

  async function writeGroup(entries: Entry[]): Promise<void> {
    const deadline = Date.now() + OUTAGE_MS_MAX
    for (;;) {
      try {
        const held = await write(entries)
        for (const { run, waiters } of entries) {
          writingNow.delete(run.id)
          for (const waiter of waiters) {
            if (held.has(run.id)) waiter.resolve()
            else waiter.reject(runTaken(run.id))
          }
        }
        return
      } catch (error) {
        const retryable = isServiceError(error) && error.code === 'unavailable'
        if (retryable && !closed && Date.now() < deadline) {
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
          continue
        }
        if (entries.length > 1 && !retryable) {
          // One record that the store refuses must not take the others with it.
          for (const entry of entries) await writeGroup([entry])
          return
        }
        for (const { run, waiters } of entries) {
          writingNow.delete(run.id)
          onError(error, run.id)
          for (const waiter of waiters) waiter.reject(error)
        }
        return
      }
    }
  }

  function whenWritten(runId: string): Promise<void> {
    const entry = pending.get(runId) ?? writingNow.get(runId)
    if (!entry) return Promise.resolve()
    return new Promise((resolve, reject) => entry.waiters.push({ resolve, reject }))
  }

  return {
    append(run, { step, interaction } = {}) {
      const entry = entryOf(run)
      if (step) entry.steps.set(step.position, step)
      if (interaction) entry.interactions.set(interaction.id, interaction)
      linger()
    },
    flush(runId) {
      const written = whenWritten(runId)
      if (pending.has(runId)) start()
      return written
    },
    whenWritten,
    async flushAll() {
      start()
      while (writing !== null) await writing
    },
    async close() {
      closed = true
      start()
      while (writing !== null) await writing
    },
  }
}

function sizeOf({ run, steps }: JournalRecord): number {
  let chars = (run.result?.length ?? 0) + (run.code?.length ?? 0) + (run.arguments?.length ?? 0)
  for (const step of steps.values()) chars += (step.result?.length ?? 0) + step.arguments.length
  return chars
}

function runTaken(id: string): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'run_taken',
    `Run ${id} has been cancelled, or is held by another worker now.`,
  )
}

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

/** What the journal needs of a store. */
export interface JournalStore {
  /** Whether a row's long texts are written already, and all that is left is small. */
  isKept(row: RunRow | StepRow | InteractionRow): boolean
  /** Writes the long texts of a record, with those that are added meanwhile. */
  keepTexts(record: JournalRecord): Promise<void>
  /** Writes a group; answers the ids of the runs that were still held by their writer. */
  writeGroup(records: JournalRecord[]): Promise<Set<string>>
}

/** Milliseconds that records nobody waits for stay in memory: a quick call is written once, at its end. */
const LINGER_MS = 25
/** Rows in one group: bounds the time that one statement holds the store. */
const GROUP_RUNS_MAX = 256
/** Characters of results in one group. */
const GROUP_CHARS_MAX = 4_000_000
/** Characters that a text counts for at most: a longer one is in parts. */
const TEXT_CHARS_MAX = 32 * 1024
/** Milliseconds between two tries while the store is down. */
const RETRY_MS = 250
/** Milliseconds a store may be down before what waits is told so. */
const OUTAGE_MS_MAX = 60_000

interface Entry extends JournalRecord {
  waiters: { resolve: () => void; reject: (error: unknown) => void }[]
}

interface Aside {
  entry: Entry
  kept: Promise<void>
}

export function createJournal(
  store: JournalStore,
  onError: (error: unknown, runId: string) => void,
): Journal {
  const pending = new Map<string, Entry>()
  let writing: Promise<void> | null = null
  /** What joins a group once its long texts are written: no other run waits for them. */
  const aside = new Map<string, Aside>()
  /** What is being written; an entry leaves before whoever waits for it goes on, and may ask again. */
  let writingNow = new Map<string, Entry>()
  let lingering: NodeJS.Timeout | null = null
  /** How many of the pending, from the first on, are to be written now. */
  let due = 0
  let closed = false

  function entryOf(run: RunRow): Entry {
    const known = pending.get(run.id) ?? aside.get(run.id)?.entry
    if (known) {
      known.run = run
      return known
    }
    const entry: Entry = { run, steps: new Map(), interactions: new Map(), waiters: [] }
    pending.set(run.id, entry)
    return entry
  }

  function setAside(entry: Entry): void {
    // What is not there any more is not due: at most one that need not be is written with the others.
    if (pending.delete(entry.run.id)) due = Math.min(due, pending.size)
    const kept = persist(() => store.keepTexts(entry)).then(
      () => {
        aside.delete(entry.run.id)
        pending.set(entry.run.id, entry)
        if (entry.waiters.length > 0) start()
        else linger()
      },
      (error: unknown) => {
        aside.delete(entry.run.id)
        fail([entry], error)
      },
    )
    aside.set(entry.run.id, { entry, kept })
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
    try {
      const held = await persist(() => store.writeGroup(entries))
      for (const { run, waiters } of entries) {
        writingNow.delete(run.id)
        for (const waiter of waiters) {
          if (held.has(run.id)) waiter.resolve()
          else waiter.reject(runTaken(run.id))
        }
      }
    } catch (error) {
      if (entries.length === 1 || isOutage(error)) return fail(entries, error)
      // One record that the store refuses must not take the others with it.
      for (const entry of entries) await writeGroup([entry])
    }
  }

  function fail(entries: Entry[], error: unknown): void {
    for (const { run, waiters } of entries) {
      writingNow.delete(run.id)
      onError(error, run.id)
      for (const waiter of waiters) waiter.reject(error)
    }
  }

  /** Tries again while the store is down. */
  async function persist<T>(write: () => Promise<T>): Promise<T> {
    const deadline = Date.now() + OUTAGE_MS_MAX
    for (;;) {
      try {
        return await write()
      } catch (error) {
        if (!isOutage(error) || closed || Date.now() >= deadline) throw error
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  function whenWritten(runId: string): Promise<void> {
    const entry = pending.get(runId) ?? aside.get(runId)?.entry ?? writingNow.get(runId)
    if (!entry) return Promise.resolve()
    return new Promise((resolve, reject) => entry.waiters.push({ resolve, reject }))
  }

  async function writeAll(): Promise<void> {
    await Promise.all([...aside.values()].map(({ kept }) => kept))
    start()
    while (writing !== null) await writing
  }

  return {
    append(run, { step, interaction } = {}) {
      const entry = entryOf(run)
      if (step) entry.steps.set(step.position, step)
      if (interaction) entry.interactions.set(interaction.id, interaction)
      if (aside.has(run.id)) return
      const isKept = [run, step, interaction].every((row) => !row || store.isKept(row))
      if (isKept) linger()
      else setAside(entry)
    },
    flush(runId) {
      const written = whenWritten(runId)
      if (pending.has(runId)) start()
      return written
    },
    whenWritten,
    flushAll: writeAll,
    close() {
      closed = true
      return writeAll()
    },
  }
}

function sizeOf({ run, steps }: JournalRecord): number {
  let chars = charsOf(run.result) + charsOf(run.code) + charsOf(run.arguments)
  for (const step of steps.values()) chars += charsOf(step.result) + charsOf(step.arguments)
  return chars
}

function charsOf(text: string | null): number {
  return Math.min(text?.length ?? 0, TEXT_CHARS_MAX)
}

function isOutage(error: unknown): boolean {
  return isServiceError(error) && error.code === 'unavailable'
}

function runTaken(id: string): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'run_taken',
    `Run ${id} has been cancelled, or is held by another worker now.`,
  )
}

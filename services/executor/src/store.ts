import { type EngineName, openDatabase } from '@executor/storage'
import { migrations } from '../prisma/client/migrations.ts'
import { PrismaClient as Postgres } from '../prisma/client/postgresql/client.ts'
import { PrismaClient as Sqlite } from '../prisma/client/sqlite/client.ts'
import { groups } from './store/groups.ts'
import { holders } from './store/holders.ts'
import { type AnswerRow, type InteractionFilter, interactions } from './store/interactions.ts'
import { longTexts } from './store/long-texts.ts'
import { retention } from './store/retention.ts'
import type { InteractionRow, JournalRecord, RunRow, ShownStepRow, StepRow } from './store/rows.ts'
import { runStates } from './store/run-states.ts'
import { type RunFilter, runs } from './store/runs.ts'
import { steps } from './store/steps.ts'

export interface Store {
  readonly engine: EngineName
  /** Whether a row's long texts are written already, and all that is left is small. */
  isKept(row: RunRow | StepRow | InteractionRow): boolean
  /** Writes a record's long texts, part by part; they count once the record that names them is written. */
  keepTexts(record: JournalRecord): Promise<void>
  /** Writes a group of records; answers the runs that were still held by their writer. */
  writeGroup(records: JournalRecord[]): Promise<Set<string>>

  findRun(tenant: string, id: string): Promise<RunRow | null>
  listRuns(tenant: string, filter: RunFilter): Promise<RunRow[]>
  listSteps(runId: string): Promise<StepRow[]>
  /** Steps as they are shown: of what succeeded, how long its result is and not the result. */
  listShownSteps(runId: string): Promise<ShownStepRow[]>
  findStep(runId: string, position: number): Promise<StepRow | null>
  /**
   * Takes up a queued run, or one whose holder's heartbeat stopped. Null when somebody else holds it
   * or it is no longer to be run.
   */
  claimRun(id: string, holder: string): Promise<RunRow | null>
  /** A waiting run may go on: true for the one caller that woke it. */
  wakeRun(id: string): Promise<boolean>
  /** True for the one caller that ended it; `result` stands until its holder, if any, tells more. */
  cancelRun(id: string, at: number, result: string): Promise<boolean>

  findInteraction(tenant: string, id: string): Promise<InteractionRow | null>
  listInteractions(tenant: string, filter: InteractionFilter): Promise<InteractionRow[]>
  /**
   * Counts the answer, gives the grant that comes with it and wakes a run at rest, all or nothing: no
   * answer is kept without the run that waits for it. A grant counts for what waits already, and then
   * for what comes. Null for whoever comes too late.
   */
  answerInteraction(
    id: string,
    answer: AnswerRow,
    grant?: number,
  ): Promise<{ isWoken: boolean } | null>
  /** Open interactions whose time is over. */
  listExpired(now: number): Promise<InteractionRow[]>
  /** Closes what a run that ended still asked; `result` is what the calls that waited come to. */
  closeInteractions(runId: string, at: number, result: string): Promise<void>

  /** Where the call may pass without asking: takes one from the count, and tells whose rights it has. */
  takeGrant(runId: string, address: string): Promise<{ roles: string | null } | null>

  beat(holder: string): Promise<void>
  /** Holders that were not heard of for so many milliseconds. */
  listSilent(ms: number): Promise<string[]>
  /** Forgets a holder: what it held may be taken up at once. */
  forgetHolder(holder: string): Promise<void>
  /** For a store with one process: nobody else can be alive. */
  forgetAllHolders(): Promise<void>
  /** Runs at rest whose script has a timer that is due. */
  listDue(now: number): Promise<{ tenant: string; id: string }[]>
  /** Wakes a run at rest if it was answered something that it does not know of yet. */
  wakeAnswered(id: string): Promise<boolean>
  /** Runs at rest like that: their worker went away just as it put them there. */
  listAnswered(): Promise<{ tenant: string; id: string }[]>
  /** Runs that should be running and are not: queued ones, and those whose holder is gone. */
  listStranded(queuedBefore: number): Promise<{ tenant: string; id: string }[]>
  /**
   * Deletes runs that settled before a time, with all that belongs to them but their long texts;
   * answers how many.
   */
  removeSettledBefore(time: number, limit: number): Promise<number>
  /** Deletes long texts that were begun before a time and belong to no run. */
  removeLooseTexts(time: number): Promise<void>
  close(): Promise<void>
}

/** Opens the executor's database, migrated. */
export async function openStore(url: string): Promise<Store> {
  const db = await openDatabase<Sqlite>({
    url,
    migrations,
    clients: { sqlite: Sqlite, postgresql: Postgres },
  })
  const texts = longTexts(db)
  return {
    engine: db.engine,
    ...groups(db, texts),
    ...runs(db, texts),
    ...steps(db, texts),
    ...runStates(db, texts),
    ...interactions(db, texts),
    ...holders(db),
    ...retention(db),
    close: db.close,
  }
}

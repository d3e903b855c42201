import type { EngineName, Statement } from '@executor/storage'
import {
  type Columns,
  type ColumnType,
  INTERACTION_COLUMNS,
  INTERACTION_RECORD,
  RUN_CHANGES,
  RUN_RECORD,
  STEP_CHANGES,
  STEP_COLUMNS,
  STEP_RECORD,
} from './columns.ts'

/** What a group consists of: records as arrays of values, in the order of their columns. */
export interface Group {
  runs: unknown[][]
  steps: unknown[][]
  interactions: unknown[][]
}

/**
 * The statements that write a group; the first answers the ids of the runs that were written. Each list
 * is one parameter. Runs are written under a fence: a row whose holder or attempt has changed meanwhile
 * belongs to another worker and stays as it is, and so do its steps and interactions.
 */
export function groupStatements(engine: EngineName): (group: Group) => Statement[] {
  const runs =
    `${insert(engine, 'Run', RUN_RECORD, RUN_RECORD, 1)} WHERE true ` +
    `ON CONFLICT ("id") DO UPDATE SET ${updates(RUN_CHANGES)} ` +
    `WHERE ${same(engine, '"Run"."holder"', 'excluded."holder"')} ` +
    `AND "Run"."attempt" = excluded."attempt" ` +
    // What was cancelled stays so; how far it had come is its holder's to tell.
    `AND ("Run"."status" <> 'cancelled' OR excluded."status" = 'cancelled') RETURNING "id"`
  const steps = (list: number, fence: string) =>
    `${insert(engine, 'Step', STEP_COLUMNS, STEP_RECORD, list)} WHERE ${fence} ` +
    `ON CONFLICT ("runId", "position") DO UPDATE SET ${updates(STEP_CHANGES)}`
  const interactions = (list: number, fence: string) =>
    `${insert(engine, 'Interaction', INTERACTION_COLUMNS, INTERACTION_RECORD, list)} ` +
    `WHERE ${fence} ON CONFLICT ("id") DO NOTHING`
  const statement = (sql: string, ...lists: unknown[][][]): Statement => ({
    sql,
    parameters: lists.map((list) => JSON.stringify(list)),
  })
  if (engine === 'postgresql') {
    // One statement, so that a group is one way there and back.
    const written = (record: Columns) =>
      `${atPlace(engine, record, 'runId')} IN (SELECT "id" FROM written)`
    const all =
      `WITH written AS (${runs}), steps AS (${steps(2, written(STEP_RECORD))}), ` +
      `interactions AS (${interactions(3, written(INTERACTION_RECORD))}) SELECT "id" FROM written`
    return (group) =>
      isOnlyRuns(group)
        ? [statement(runs, group.runs)]
        : [statement(all, group.runs, group.steps, group.interactions)]
  }
  const stepsAlone = steps(1, held(engine, STEP_RECORD))
  const interactionsAlone = interactions(1, held(engine, INTERACTION_RECORD))
  return (group) => [
    statement(runs, group.runs),
    ...(group.steps.length > 0 ? [statement(stepsAlone, group.steps)] : []),
    ...(group.interactions.length > 0 ? [statement(interactionsAlone, group.interactions)] : []),
  ]
}

function isOnlyRuns({ steps, interactions }: Group): boolean {
  return steps.length === 0 && interactions.length === 0
}

function insert(
  engine: EngineName,
  table: string,
  columns: Columns,
  record: Columns,
  list: number,
): string {
  const source =
    engine === 'sqlite'
      ? `json_each($${list}) AS r`
      : `jsonb_array_elements($${list}::jsonb) AS r(value)`
  return `INSERT INTO "${table}" (${names(columns)}) SELECT ${selection(engine, columns, record)} FROM ${source}`
}

function names(columns: Columns): string {
  return Object.keys(columns)
    .map((name) => `"${name}"`)
    .join(', ')
}

function selection(engine: EngineName, columns: Columns, record: Columns): string {
  return Object.keys(columns)
    .map((name) => atPlace(engine, record, name))
    .join(', ')
}

function updates(columns: readonly string[]): string {
  return columns.map((name) => `"${name}" = excluded."${name}"`).join(', ')
}

/** By its place: looking a name up would cost more than writing the value does. */
function atPlace(engine: EngineName, record: Columns, name: string): string {
  const value = `r.value ->> ${Object.keys(record).indexOf(name)}`
  const type: ColumnType = record[name] ?? 'text'
  return engine === 'sqlite' || type === 'text' ? value : `(${value})::${type}`
}

function same(engine: EngineName, a: string, b: string): string {
  return `${a} ${engine === 'sqlite' ? 'IS' : 'IS NOT DISTINCT FROM'} ${b}`
}

/** The run of a record is still held by whoever writes the record. */
function held(engine: EngineName, record: Columns): string {
  const value = (name: string) => atPlace(engine, record, name)
  return (
    `EXISTS (SELECT 1 FROM "Run" AS h WHERE h."id" = ${value('runId')} ` +
    `AND ${same(engine, 'h."holder"', value('holder'))} AND h."attempt" = ${value('attempt')})`
  )
}

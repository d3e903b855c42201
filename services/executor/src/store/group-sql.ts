import type { EngineName } from '@executor/storage'
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

/**
 * The statements that write a group of records: one parameter each, a JSON array of records, each of
 * them an array of values. Runs are written under a fence: a row whose holder or attempt has changed
 * meanwhile belongs to another worker and stays as it is, and so do its steps and interactions.
 */
export interface GroupStatements {
  /** Answers the ids of the runs that were written. */
  runs: string
  steps: string
  interactions: string
}

export function groupStatements(engine: EngineName): GroupStatements {
  const source =
    engine === 'sqlite' ? 'json_each($1) AS r' : 'jsonb_array_elements($1::jsonb) AS r(value)'
  const insert = (table: string, columns: Columns, record: Columns) =>
    `INSERT INTO "${table}" (${names(columns)}) SELECT ${selection(engine, columns, record)} FROM ${source}`
  return {
    runs:
      `${insert('Run', RUN_RECORD, RUN_RECORD)} WHERE true ` +
      `ON CONFLICT ("id") DO UPDATE SET ${updates(RUN_CHANGES)} ` +
      `WHERE ${same(engine, '"Run"."holder"', 'excluded."holder"')} ` +
      `AND "Run"."attempt" = excluded."attempt" AND "Run"."status" <> 'cancelled' RETURNING "id"`,
    steps:
      `${insert('Step', STEP_COLUMNS, STEP_RECORD)} WHERE ${held(engine, STEP_RECORD)} ` +
      `ON CONFLICT ("runId", "position") DO UPDATE SET ${updates(STEP_CHANGES)}`,
    interactions:
      `${insert('Interaction', INTERACTION_COLUMNS, INTERACTION_RECORD)} ` +
      `WHERE ${held(engine, INTERACTION_RECORD)} ON CONFLICT ("id") DO NOTHING`,
  }
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

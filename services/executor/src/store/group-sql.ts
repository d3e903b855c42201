import type { EngineName } from '@executor/storage'
import {
  type Columns,
  INTERACTION_COLUMNS,
  RUN_CHANGES,
  RUN_COLUMNS,
  STEP_CHANGES,
  STEP_COLUMNS,
} from './columns.ts'

/**
 * The statements that write a group of records: one parameter each, a JSON array of rows. Runs are
 * written under a fence: a row whose holder or attempt has changed meanwhile belongs to another
 * worker and stays as it is, and so do its steps and interactions.
 */
export interface GroupStatements {
  /** Answers the ids of the runs that were written. */
  runs: string
  steps: string
  interactions: string
}

const FENCE_COLUMNS = { holder: 'text', attempt: 'integer' } as const satisfies Columns

export function groupStatements(engine: EngineName): GroupStatements {
  return {
    runs:
      `INSERT INTO "Run" (${names(RUN_COLUMNS)}) SELECT ${selection(engine, RUN_COLUMNS)} ` +
      `FROM ${rows(engine, RUN_COLUMNS)} WHERE true ` +
      `ON CONFLICT ("id") DO UPDATE SET ${updates(RUN_CHANGES)} ` +
      `WHERE ${sameHolder(engine, '"Run"', 'excluded')} AND "Run"."status" <> 'cancelled' ` +
      'RETURNING "id"',
    steps:
      `INSERT INTO "Step" (${names(STEP_COLUMNS)}) SELECT ${selection(engine, STEP_COLUMNS)} ` +
      `FROM ${rows(engine, { ...STEP_COLUMNS, ...FENCE_COLUMNS })} WHERE ${held(engine)} ` +
      `ON CONFLICT ("runId", "position") DO UPDATE SET ${updates(STEP_CHANGES)}`,
    interactions:
      `INSERT INTO "Interaction" (${names(INTERACTION_COLUMNS)}) ` +
      `SELECT ${selection(engine, INTERACTION_COLUMNS)} ` +
      `FROM ${rows(engine, { ...INTERACTION_COLUMNS, ...FENCE_COLUMNS })} WHERE ${held(engine)} ` +
      'ON CONFLICT ("id") DO NOTHING',
  }
}

function names(columns: Columns): string {
  return Object.keys(columns)
    .map((name) => `"${name}"`)
    .join(', ')
}

function rows(engine: EngineName, columns: Columns): string {
  if (engine === 'sqlite') return 'json_each($1) AS r'
  const typed = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`)
  return `jsonb_to_recordset($1::jsonb) AS r(${typed.join(', ')})`
}

function field(engine: EngineName, name: string): string {
  return engine === 'sqlite' ? `r.value ->> '${name}'` : `r."${name}"`
}

function selection(engine: EngineName, columns: Columns): string {
  return Object.keys(columns)
    .map((name) => field(engine, name))
    .join(', ')
}

function updates(columns: readonly string[]): string {
  return columns.map((name) => `"${name}" = excluded."${name}"`).join(', ')
}

function sameHolder(engine: EngineName, a: string, b: string): string {
  const same = engine === 'sqlite' ? 'IS' : 'IS NOT DISTINCT FROM'
  return `${a}."holder" ${same} ${b}."holder" AND ${a}."attempt" = ${b}."attempt"`
}

/** The run of a step is still held by whoever writes the step. */
function held(engine: EngineName): string {
  const same = engine === 'sqlite' ? 'IS' : 'IS NOT DISTINCT FROM'
  return (
    `EXISTS (SELECT 1 FROM "Run" AS h WHERE h."id" = ${field(engine, 'runId')} ` +
    `AND h."holder" ${same} ${field(engine, 'holder')} AND h."attempt" = ${field(engine, 'attempt')})`
  )
}

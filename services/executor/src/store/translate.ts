import type { Principal } from '@executor/contracts'
import { INTERACTION_RECORD, RUN_RECORD, STEP_RECORD } from './columns.ts'
import type { InteractionRow, RunOptions, RunRow, StepRow } from './rows.ts'

/** Wide integers come as `bigint` from one engine and as `number` from the other. */
type Wide = bigint | number
type WideKeys =
  | 'createdAt'
  | 'startedAt'
  | 'settledAt'
  | 'cancelledAt'
  | 'expiresAt'
  | 'answeredAt'
  | 'clock'
  | 'wakeAt'
type Raw<T> = {
  [K in keyof T]: K extends WideKeys ? (null extends T[K] ? Wide | null : Wide) : T[K]
}
export type RawRun = Raw<
  Omit<
    RunRow,
    'principal' | 'options' | 'readOnly' | 'isError' | 'asking' | 'naps' | 'via' | 'kind' | 'status'
  >
> & {
  principal: string
  options: string
  readOnly: boolean | number
  isError: boolean | number
  asking: boolean | number
  naps: number | bigint | null
  via: string
  kind: string
  status: string
}
type RawStep = Raw<Omit<StepRow, 'status'>> & { status: string }
type RawInteraction = Raw<Omit<InteractionRow, 'kind' | 'status' | 'answeredVia'>> & {
  kind: string
  status: string
  answeredVia: string | null
}

export function fromRun(row: RawRun): RunRow {
  return {
    ...row,
    principal: JSON.parse(row.principal) as Principal,
    options: JSON.parse(row.options) as RunOptions,
    via: row.via as RunRow['via'],
    kind: row.kind as RunRow['kind'],
    status: row.status as RunRow['status'],
    readOnly: Boolean(row.readOnly),
    isError: Boolean(row.isError),
    asking: Boolean(row.asking),
    naps: Number(row.naps ?? 0),
    attempt: Number(row.attempt),
    stepCount: Number(row.stepCount),
    activeMs: Number(row.activeMs),
    createdAt: Number(row.createdAt),
    startedAt: toNumber(row.startedAt),
    settledAt: toNumber(row.settledAt),
    cancelledAt: toNumber(row.cancelledAt),
    clock: toNumber(row.clock),
    wakeAt: toNumber(row.wakeAt),
  }
}

export function fromStep(row: RawStep): StepRow {
  return {
    ...row,
    status: row.status as StepRow['status'],
    startedAt: Number(row.startedAt),
    settledAt: toNumber(row.settledAt),
  }
}

export function fromInteraction(row: RawInteraction): InteractionRow {
  return {
    ...row,
    kind: row.kind as InteractionRow['kind'],
    status: row.status as InteractionRow['status'],
    answeredVia: row.answeredVia as InteractionRow['answeredVia'],
    createdAt: Number(row.createdAt),
    expiresAt: toNumber(row.expiresAt),
    answeredAt: toNumber(row.answeredAt),
  }
}

function toNumber(value: Wide | null): number | null {
  return value === null ? null : Number(value)
}

/** A record for the group statements: its values, in the order of its columns. */
export function runValues(run: RunRow): Value[] {
  return toValues(RUN_NAMES, {
    ...run,
    title: storable(run.title),
    code: run.code === null ? null : storable(run.code),
    principal: JSON.stringify(run.principal),
    options: JSON.stringify(run.options),
    activeMs: Math.round(run.activeMs),
  })
}

export function stepValues(run: RunRow, step: StepRow): Value[] {
  const { holder, attempt, tenant, id: runId } = run
  const address = storable(step.address)
  return toValues(STEP_NAMES, { ...step, address, runId, tenant, holder, attempt })
}

export function interactionValues(run: RunRow, interaction: InteractionRow): Value[] {
  const { holder, attempt } = run
  const message = storable(interaction.message)
  return toValues(INTERACTION_NAMES, { ...interaction, message, holder, attempt })
}

type Value = string | number | boolean | null
type RecordOf<C> = Record<keyof C, Value>

const RUN_NAMES = namesOf(RUN_RECORD)
const STEP_NAMES = namesOf(STEP_RECORD)
const INTERACTION_NAMES = namesOf(INTERACTION_RECORD)

function namesOf<C extends object>(columns: C): (keyof C)[] {
  return Object.keys(columns) as (keyof C)[]
}

function toValues<C>(names: (keyof C)[], record: RecordOf<C>): Value[] {
  return names.map((name) => record[name])
}

/** PostgreSQL stores neither NUL nor half a surrogate pair; JSON texts escape both. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed()
}

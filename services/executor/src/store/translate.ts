import type { Principal } from '@executor/contracts'
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
  Omit<RunRow, 'principal' | 'options' | 'readOnly' | 'isError' | 'via' | 'kind' | 'status'>
> & {
  principal: string
  options: string
  readOnly: boolean | number
  isError: boolean | number
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

/** A row for the group statements, which take JSON. */
export function runJson(run: RunRow): object {
  return {
    ...run,
    title: storable(run.title),
    code: run.code === null ? null : storable(run.code),
    principal: JSON.stringify(run.principal),
    options: JSON.stringify(run.options),
    activeMs: Math.round(run.activeMs),
  }
}

export function stepJson(run: RunRow, step: StepRow): object {
  const { holder, attempt, tenant, id } = run
  return { ...step, address: storable(step.address), runId: id, tenant, holder, attempt }
}

export function interactionJson(run: RunRow, interaction: InteractionRow): object {
  const { holder, attempt } = run
  return { ...interaction, message: storable(interaction.message), holder, attempt }
}

/** PostgreSQL stores neither NUL nor half a surrogate pair; JSON texts escape both. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed()
}

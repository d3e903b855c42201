/** Column types of the rows that are written in groups, by what both engines call them. */
export type ColumnType = 'text' | 'integer' | 'bigint' | 'boolean'
export type Columns = Record<string, ColumnType>

/** What is written of a run. `cancelledAt` is not: whoever cancels sets it. */
export const RUN_RECORD = {
  id: 'text',
  tenant: 'text',
  subject: 'text',
  principal: 'text',
  via: 'text',
  kind: 'text',
  status: 'text',
  title: 'text',
  address: 'text',
  arguments: 'text',
  code: 'text',
  options: 'text',
  readOnly: 'boolean',
  decision: 'text',
  result: 'text',
  isError: 'boolean',
  stepCount: 'integer',
  traceId: 'text',
  createdAt: 'bigint',
  startedAt: 'bigint',
  settledAt: 'bigint',
  activeMs: 'integer',
  holder: 'text',
  attempt: 'integer',
  clock: 'bigint',
  wakeAt: 'bigint',
  asking: 'boolean',
  naps: 'integer',
} as const satisfies Columns

/** Columns of a run that change after it was created. */
export const RUN_CHANGES = [
  'status',
  'readOnly',
  'decision',
  'result',
  'isError',
  'stepCount',
  'startedAt',
  'settledAt',
  'activeMs',
  'clock',
  'wakeAt',
  'asking',
  'naps',
] as const

export const STEP_COLUMNS = {
  runId: 'text',
  tenant: 'text',
  position: 'integer',
  address: 'text',
  digest: 'text',
  arguments: 'text',
  status: 'text',
  readOnly: 'boolean',
  decision: 'text',
  result: 'text',
  ok: 'boolean',
  httpStatus: 'integer',
  settleOrder: 'integer',
  startedAt: 'bigint',
  settledAt: 'bigint',
} as const satisfies Columns

export const STEP_CHANGES = [
  'status',
  'decision',
  'result',
  'ok',
  'httpStatus',
  'settleOrder',
  'startedAt',
  'settledAt',
] as const

export const INTERACTION_COLUMNS = {
  id: 'text',
  tenant: 'text',
  subject: 'text',
  runId: 'text',
  position: 'integer',
  kind: 'text',
  message: 'text',
  address: 'text',
  arguments: 'text',
  digest: 'text',
  requestedSchema: 'text',
  url: 'text',
  request: 'text',
  status: 'text',
  content: 'text',
  createdAt: 'bigint',
  expiresAt: 'bigint',
  answeredAt: 'bigint',
  answeredBy: 'text',
  answeredRoles: 'text',
  answeredVia: 'text',
} as const satisfies Columns

/** What a step or an interaction is written under: its run, as long as its writer holds it. */
const FENCE = { holder: 'text', attempt: 'integer' } as const satisfies Columns
export const STEP_RECORD = { ...STEP_COLUMNS, ...FENCE }
export const INTERACTION_RECORD = { ...INTERACTION_COLUMNS, ...FENCE }

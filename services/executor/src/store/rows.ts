import type {
  InteractionKind,
  InteractionStatus,
  Principal,
  RunKind,
  RunStatus,
  StepStatus,
  Via,
} from '@executor/contracts'

/** What a run was started with, beside its code or its arguments. */
export interface RunOptions {
  /** Gated calls pass: a person's own run, started by that person. */
  autoApprove?: boolean
  /** Started by an MCP client whose model upstreams may ask. */
  canSample?: boolean
  rerunOf?: string
}

export interface RunRow {
  id: string
  tenant: string
  subject: string
  principal: Principal
  via: Via
  kind: RunKind
  status: RunStatus
  title: string
  address: string | null
  /** JSON text. */
  arguments: string | null
  code: string | null
  options: RunOptions
  readOnly: boolean
  decision: string
  /** JSON text. */
  result: string | null
  isError: boolean
  stepCount: number
  traceId: string | null
  createdAt: number
  startedAt: number | null
  settledAt: number | null
  activeMs: number
  holder: string | null
  attempt: number
  cancelledAt: number | null
  /** The script's clock when it was last put to rest. */
  clock: number | null
  /** When a run at rest goes on by itself: a timer of its script is due. */
  wakeAt: number | null
  /** Its holder waits for a person, with a call under way. */
  asking: boolean
  /** How often in a row a timer took it up, and it came to rest again with nothing done. */
  naps: number
}

export interface StepRow {
  position: number
  address: string
  digest: string
  /** JSON text. */
  arguments: string
  status: StepStatus
  readOnly: boolean
  decision: string
  /** JSON text of what the script was given. */
  result: string | null
  ok: boolean | null
  httpStatus: number | null
  settleOrder: number | null
  startedAt: number
  settledAt: number | null
}

/** A step without what it was given, which may be long. */
export interface ShownStepRow extends Omit<StepRow, 'result'> {
  resultBytes: number | null
  /** JSON text of the failure; null where there is none. */
  failure: string | null
}

export interface InteractionRow {
  id: string
  tenant: string
  subject: string
  runId: string
  position: number
  kind: InteractionKind
  message: string
  address: string
  /** JSON text. */
  arguments: string
  digest: string
  /** JSON text. */
  requestedSchema: string | null
  url: string | null
  /** JSON text. */
  request: string | null
  status: InteractionStatus
  /** JSON text. */
  content: string | null
  createdAt: number
  expiresAt: number | null
  answeredAt: number | null
  answeredBy: string | null
  /** JSON text of the roles of whoever answered. */
  answeredRoles: string | null
  answeredVia: Via | null
}

/** One run's changes since the last group; the latest state of each row. */
export interface JournalRecord {
  run: RunRow
  steps: Map<number, StepRow>
  interactions: Map<string, InteractionRow>
}

import type { CallAnswer, LogLine, SandboxFailure } from './host.ts'
import type { SandboxLimits } from './limits.ts'
import type { CellMould } from './thread/open-cells.ts'

// What a pool and its threads say to each other. Messages travel as arrays, so that everything one
// turn of an event loop produces costs one wake-up of the other side.

/** Words of the memory that a thread and its pool share: what a message would be too late for. */
export const CONTROL = {
  /** The run whose script holds the thread, or 0. */
  current: 0,
  /** Counts up with every turn, and while a script runs that can be stopped. */
  beat: 1,
  /** The run that is to stop at its next check. */
  stop: 2,
} as const
export const CONTROL_WORDS = 3

export interface ThreadData {
  control: SharedArrayBuffer
  wasm: string
  limits: SandboxLimits
  isQuarantine: boolean
  /** Null for the first thread, which makes it. */
  mould: CellMould | null
}

/** What a thread says: once, that it is ready, and what it made for those that come later; then turns. */
export type FromThread = { mould: CellMould | null } | Turn[]

export interface Delivery extends CallAnswer {
  index: number
  settledAt: number
}

export type ToThread =
  | {
      type: 'start'
      run: number
      code: string
      seed: string
      startedAt: number
      limits: SandboxLimits
      replay: readonly Delivery[]
      /** Timers due by then fire before the script is left to itself. */
      clock: number
    }
  | { type: 'deliver'; run: number; answer: Delivery }
  /** Time passed without an answer: fire what is due. */
  | { type: 'tick'; run: number; at: number }
  | { type: 'drop'; run: number }

export interface IssuedCall {
  index: number
  path: string
  args: string
  at: number
}

export type TurnEnd =
  | { type: 'completed'; result: string | undefined }
  | { type: 'failed'; error: SandboxFailure }
  /** It holds the thread for too long; start it over where it harms nobody. */
  | { type: 'yielded' }

/** What a run did between two moments in which it had nothing left to do. */
export interface Turn {
  run: number
  calls: IssuedCall[]
  logs: LogLine[]
  emitted: string[]
  /** When its next timer is due. */
  timer: number | null
  end: TurnEnd | null
}

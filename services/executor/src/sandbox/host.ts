import type { SandboxLimits } from './limits.ts'

/** One run of agent code, from its beginning or from a journal. */
export interface SandboxInput {
  code: string
  /** `Math.random` and `crypto` are a function of it. */
  seed: string
  /** What `Date.now()` says until the first call is answered. */
  startedAt: number
  limits?: Partial<SandboxLimits>
  /**
   * Calls that were answered in an earlier life of this run, in the order in which they were
   * delivered. They are answered from here and not handed to the host again.
   */
  replay?: readonly SettledCall[]
  /**
   * Where the run's clock stood when it was last seen (the largest `at` of a recorded call, or the
   * `clock` of a suspended outcome). Timers due by then fire before anything new is delivered.
   */
  clock?: number
}

/** A call that the script makes: a tool's path without `tools.`, or a built-in such as `search`. */
export interface SandboxCall {
  /** Calls are numbered from 0 in the order in which the script makes them. */
  index: number
  path: string
  /** JSON text. */
  args: string
  /** `callDigest(path, args)`. */
  digest: string
  /** The run's clock when the call was made. */
  at: number
}

/** What a call is answered with: JSON text, thrown in the script as an `Error` where `throws` is set. */
export interface CallAnswer {
  /** With `throws`: an object with `message` and perhaps `name`. */
  json: string
  throws?: boolean
}

/** An answer as it was delivered. Delivered again in the same order, it leads to the same run. */
export interface SettledCall extends CallAnswer {
  index: number
  path: string
  digest: string
  /** Never smaller than the one before. `Date.now()` says this until the next delivery. */
  settledAt: number
}

/** What a run reaches of the world outside. */
export interface SandboxHost {
  /**
   * Answers a call. Expected failures are answers; a rejection with `Suspend` puts the run to sleep,
   * any other rejection ends it and rejects `run`. The signal aborts when the run ends by a failure
   * or a cancellation; calls that outlive a completed or suspended run belong to the host. A call that
   * waits for a person may yield its place to others.
   */
  call(call: SandboxCall, signal: AbortSignal, yieldPlace: () => void): Promise<CallAnswer>
  /** Told of each answer, in order, before the script sees it: the moment to append to the journal. */
  settled?(call: SettledCall): void
  /** Told of console lines and emitted values as they come; a run that is replayed tells them again. */
  log?(line: LogLine, position: number): void
  emit?(json: string, position: number): void
}

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error'
  text: string
  /** The run's clock. */
  at: number
}

export type FailureKind =
  | 'syntax_error'
  | 'script_error'
  | 'timeout'
  | 'cpu_limit'
  | 'memory_limit'
  | 'stack_limit'
  | 'output_limit'
  | 'calls_limit'
  | 'cancelled'
  | 'replay_diverged'
  | 'lost'

export interface SandboxFailure {
  kind: FailureKind
  /** For the agent that wrote the script: what went wrong, where, and what to do. */
  message: string
  /** Counted from 1, in the script as it was given. */
  line?: number
  column?: number
  /** The script's own frames. */
  stack?: string
}

/** What every run leaves behind, however it ended. */
export interface SandboxTrail {
  logs: LogLine[]
  /** JSON texts of what was given to `emit`. */
  emitted: string[]
  /** How many calls the script made. */
  calls: number
  /** Indexes of calls whose answers the script did not wait for. */
  unsettled: number[]
  clock: number
}

export type SandboxOutcome = SandboxTrail &
  (
    | {
        status: 'completed'
        /** JSON text; absent when the script returned nothing. */
        result?: string
      }
    | { status: 'error'; error: SandboxFailure }
    | {
        status: 'suspended'
        /** When the next timer of the script is due, should it be woken before its call is answered. */
        wakeAt: number | null
      }
  )

/** Thrown by `SandboxHost.call` to put the run to sleep until its journal is replayed. */
export class Suspend extends Error {
  override readonly name = 'Suspend'
}

export interface SandboxPool {
  run(input: SandboxInput, host: SandboxHost, signal?: AbortSignal): Promise<SandboxOutcome>
  /** Has a thread ready for the first run, unless there is one. */
  prepare(): Promise<void>
  use(): SandboxUse
  /** Runs under way end as `lost`: their journals can be replayed elsewhere. */
  close(): Promise<void>
}

export interface SandboxUse {
  threads: number
  running: number
  queued: number
}

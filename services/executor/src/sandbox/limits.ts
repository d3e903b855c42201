/** What one run may use. Each bound ends the run with its own kind of failure. */
export interface SandboxLimits {
  /** Time from start to end, not counting what passes while calls are under way. */
  wallMs: number
  /** Time on a processor. */
  cpuMs: number
  /** What the script's values may occupy. */
  memoryBytes: number
  stackBytes: number
  /** The result and everything emitted, as JSON text. */
  outputBytes: number
  /** Calls in one run. */
  callsMax: number
  /** Calls under way at once; further ones wait their turn. */
  concurrentCallsMax: number
}

const MEBIBYTE = 1024 * 1024

export const SANDBOX_LIMITS: SandboxLimits = {
  wallMs: 300_000,
  cpuMs: 10_000,
  memoryBytes: 64 * MEBIBYTE,
  stackBytes: MEBIBYTE,
  outputBytes: 16 * MEBIBYTE,
  callsMax: 10_000,
  concurrentCallsMax: 64,
}

/** The longest script; a program an agent writes has a few kilobytes. */
export const CODE_BYTES_MAX = MEBIBYTE
/** The longest JSON text of one call's arguments. */
export const ARGUMENT_BYTES_MAX = 8 * MEBIBYTE
/** Arguments of calls that wait for their answers, together: what a flood of calls may occupy outside. */
export const PENDING_ARGUMENT_BYTES_MAX = 16 * MEBIBYTE
/** How deep a value that leaves the sandbox may be nested: native JSON elsewhere recurses, and fails at some thousands. */
export const NESTING_MAX = 500
/** The longest path: an address plus what a mistyped one may add. */
export const PATH_LENGTH_MAX = 2048
/** Console lines beyond this are counted, not kept. */
export const LOG_LINES_MAX = 1000
export const LOG_BYTES_MAX = 256 * 1024
/** Rejections without a handler that are kept in mind; each holds its promise and what it was rejected with. */
export const REJECTIONS_MAX = 1_000
/** Of those that nothing ever handles, how many are told. */
export const REJECTIONS_TOLD_MAX = 10
/** Timers that wait at once. */
export const TIMERS_MAX = 10_000

/** Runs that share a thread; one that waits for its calls costs a thread nothing but memory. */
export const RUNS_PER_THREAD = 64
/** Each of these may hold its thread for as long as it may compute. */
export const QUARANTINE_RUNS_PER_THREAD = 4
/** Runs that wait for a place; beyond it the caller is told to come back later. */
export const QUEUED_RUNS_MAX = 1_000
/** The processor time a run may take in one turn beside others; longer ones move to a quarantined thread. */
export const TURN_MS_MAX = 250
/** The processor time a run may take beside others altogether. */
export const SHARED_CPU_MS_MAX = 1_000
/** A thread silent for so long sits in one native operation that cannot be interrupted. */
export const SILENT_MS_MAX = 1_000
/** The same where no well-behaved run is kept waiting. */
export const QUARANTINE_SILENT_MS_MAX = 5_000
/** How often threads and clocks are looked at while something runs. */
export const WATCH_INTERVAL_MS = 100
/** A thread without work ends after this. */
export const IDLE_THREAD_MS = 30_000
/** The same for one that is alone, since the next run would wait for another: agents pause to think. */
export const LAST_THREAD_MS = 5 * 60_000
/** Runs that make a new thread ready for the first real one. */
export const PREPARING_RUNS = 20
/** Times a run is started over because its thread died or was needed by others. */
export const RESTARTS_MAX = 3
/** Answers kept so that a run can be started over; beyond it a run that loses its thread is lost. */
export const RETAINED_BYTES_MAX = 16 * MEBIBYTE
/** What the WebAssembly memories of one thread may grow to together, beyond the 16 MiB each starts with. */
export const GROWTH_BYTES_MAX = 512 * MEBIBYTE

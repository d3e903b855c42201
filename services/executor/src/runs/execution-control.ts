/** What the run engine tells an execution while it is under way. */
export interface ExecutionControl {
  /** Aborts when the run is cancelled. */
  signal: AbortSignal
  /** Listeners called when somebody answered an interaction of this run. */
  wake: Set<() => void>
  /** This process is about to end: go to rest at the next call. */
  isDraining(): boolean
  /** The run has begun to wait for a person. */
  onAsked(): void
}

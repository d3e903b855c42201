import type { InteractionRow } from '../store/rows.ts'

/** What the run engine tells a run while it is under way, and what it is told. */
export interface RunControl {
  /** Aborts when the run is cancelled. */
  signal: AbortSignal
  /** Listeners called when somebody answered an interaction of this run. */
  wake: Set<() => void>
  /** This process is about to end: go to rest at the next call. */
  isDraining(): boolean
  /** A person is asked something now. */
  onAsked(interaction: InteractionRow): void
  /** A call of the run began, or ceased, to be held up by a question. */
  onAsking(): void
  /** Whether this process may hold one more run whose call is held up by a question. */
  hasRoomToAsk(): boolean
}

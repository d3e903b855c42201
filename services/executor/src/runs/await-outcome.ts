import type { RunOutcome } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import type { RunRow } from '../store/rows.ts'
import { toOutcome } from './translate.ts'
import { isSettled } from './waiters.ts'

/** Milliseconds between two looks at the store, for news whose event was lost. */
const LOOK_MS = 1_000
const OPEN_MAX = 100

export interface Awaited {
  run: RunRow
  waitMs: number
  /** Interactions that are no news. */
  known: readonly string[]
  signal: AbortSignal
}

/** Waits until a run settles, asks something new, or the time is over. */
export async function awaitOutcome(
  { store, runner }: HandlerDeps,
  { run, waitMs, known, signal }: Awaited,
): Promise<RunOutcome> {
  const deadline = Date.now() + waitMs
  let current = run
  for (;;) {
    // The object that is being worked on tells more than the store, and sooner.
    const here = runner.held(run.id)
    const outcome = await lookAt(current, known)
    if (outcome.status !== 'running') return outcome
    const remainingMs = deadline - Date.now()
    if (remainingMs <= 0 || signal.aborted) return outcome
    await runner.waiters.next(run.id, Math.min(remainingMs, LOOK_MS), signal)
    const heldHere = here ?? (current === run ? run : null)
    const settledHere = heldHere && (isSettled(heldHere.status) || heldHere.status === 'waiting')
    current = settledHere ? heldHere : ((await store.findRun(run.tenant, run.id)) ?? current)
  }

  async function lookAt(seen: RunRow, ignored: readonly string[]): Promise<RunOutcome> {
    if (seen.status !== 'waiting') return toOutcome(seen, [])
    const open = await store.listInteractions(seen.tenant, {
      runId: seen.id,
      status: 'open',
      limit: OPEN_MAX,
    })
    const news = open.some((interaction) => !ignored.includes(interaction.id))
    return news ? toOutcome(seen, open.reverse()) : { status: 'running', runId: seen.id }
  }
}

import type { RunRow } from '../store/rows.ts'
import type { HandlerDeps } from './engine.ts'
import { inOrder, type Standing, toStanding } from './translate.ts'
import { isSettled, type RunNews } from './waiters.ts'

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
export async function awaitStanding(deps: HandlerDeps, awaited: Awaited): Promise<Standing> {
  const news = deps.runner.waiters.listen(awaited.run.id)
  try {
    return await watch(deps, awaited, news)
  } finally {
    news.close()
  }
}

async function watch(
  deps: HandlerDeps,
  { run, waitMs, known, signal }: Awaited,
  news: RunNews,
): Promise<Standing> {
  const { store, runner } = deps
  const deadline = Date.now() + waitMs
  // The object that is being worked on tells more than the store, and sooner.
  let current = runner.held(run.id) ?? run
  // A run that the caller has just begun here has asked nothing yet.
  let isFirst = current === run && runner.held(run.id) !== null
  for (;;) {
    const outcome = await look(deps, current, isFirst ? null : known)
    // What is still held here is not written down yet, nor are its questions closed.
    const isConcluding = outcome.status === 'settled' && runner.held(run.id) !== null
    if (outcome.status !== 'running' && !isConcluding) return outcome
    isFirst = false
    const remainingMs = deadline - Date.now()
    if (remainingMs <= 0 || signal.aborted) return { status: 'running', runId: run.id }
    await news.next(Math.min(remainingMs, LOOK_MS), signal)
    if (isSettled(current.status)) continue
    current = runner.held(run.id) ?? (await store.findRun(run.tenant, run.id)) ?? current
  }
}

async function look(
  { store }: HandlerDeps,
  run: RunRow,
  known: readonly string[] | null,
): Promise<Standing> {
  if (isSettled(run.status) || known === null) return toStanding(run, [])
  const open = await store.listInteractions(run.tenant, {
    runId: run.id,
    status: 'open',
    limit: OPEN_MAX,
  })
  const news = open.some((interaction) => !known.includes(interaction.id))
  return toStanding(run, news ? inOrder(open) : [])
}

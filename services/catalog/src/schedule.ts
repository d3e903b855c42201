import { catalog, isServiceError, servicePrincipal } from '@executor/contracts'
import type { CatalogDeps } from './deps.ts'
import { createLimiter } from './limiter.ts'
import { refreshSource } from './refresh.ts'
import type { DueRefresh } from './store/upkeep.ts'

/** Refreshes nobody asks for, on the schedules that integrations have. */
export interface Schedule {
  start(): void
  /** Something may be due sooner than it was. */
  wake(): void
  close(): Promise<void>
}

/** Another process may have been given a schedule, so that looking only when it is due is not enough. */
const LOOK_MS_MAX = 30_000
const LOOK_MS_MIN = 50
/** Reading a large description keeps a core busy. */
const AT_ONCE_MAX = 2
const CLAIMED_MAX = 8
/** Milliseconds after which a refresh whose process died is due again. */
const CLAIM_MS = 5 * 60_000

export interface ScheduleOptions {
  deps: () => CatalogDeps
  /** Told of failures that are nobody's source's. */
  onError(error: unknown, context: Record<string, unknown>): void
}

/**
 * Every process looks for refreshes that are due; moving the time on takes one, in one statement of
 * the database that all of them share. What is due is a row, so that nothing is forgotten with a process.
 */
export function createSchedule({ deps, onError }: ScheduleOptions): Schedule {
  const closing = new AbortController()
  const limiter = createLimiter(AT_ONCE_MAX)
  const running = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | null = null
  let looking: Promise<void> | null = null
  let isWoken = false

  async function look(): Promise<void> {
    const { store } = deps()
    const now = Date.now()
    const room = CLAIMED_MAX - running.size
    const due = room > 0 ? await store.listDueRefreshes(now, room) : []
    for (const one of due) {
      if (closing.signal.aborted) return
      if (await store.claimRefresh(one, now + CLAIM_MS)) begin(one)
    }
  }

  function begin(due: DueRefresh): void {
    const work = limiter
      .run(() => refresh(due))
      .catch((error: unknown) => onError(error, { task: 'refresh', integration: due.integration }))
      .finally(() => {
        running.delete(work)
        wake()
      })
    running.add(work)
  }

  async function refresh({ tenant, integration: slug }: DueRefresh): Promise<void> {
    if (closing.signal.aborted) return
    const { store, accountSnapshots } = deps()
    const principal = servicePrincipal(tenant)
    const within = AbortSignal.timeout(catalog.refreshIntegration.timeoutMs)
    const context = { principal, signal: AbortSignal.any([closing.signal, within]) }
    try {
      const request = { slug, input: {}, force: false, cause: 'schedule' } as const
      await refreshSource(deps(), request, context)
    } catch (error) {
      // The integration says so itself.
      if (!isServiceError(error)) throw error
    }
    const row = await store.findIntegration(tenant, slug)
    if (row) await accountSnapshots.refreshAll(tenant, row)
  }

  async function waitMs(): Promise<number> {
    const next = await deps().store.findNextDue()
    if (next === null || running.size >= CLAIMED_MAX) return LOOK_MS_MAX
    return Math.max(LOOK_MS_MIN, Math.min(LOOK_MS_MAX, next - Date.now()))
  }

  async function turn(): Promise<void> {
    isWoken = false
    let ms = LOOK_MS_MAX
    try {
      await look()
      ms = await waitMs()
    } catch (error) {
      // The database is away: it is looked again as often as without a schedule.
      if (!isServiceError(error)) onError(error, { task: 'refresh schedule' })
    }
    if (!closing.signal.aborted) timer = setTimeout(run, isWoken ? 0 : ms).unref()
  }

  function run(): void {
    timer = null
    looking = turn().finally(() => {
      looking = null
    })
  }

  function wake(): void {
    isWoken = true
    if (timer === null || closing.signal.aborted) return
    clearTimeout(timer)
    run()
  }

  return {
    start: run,
    wake,
    async close() {
      closing.abort()
      if (timer) clearTimeout(timer)
      await looking
      await Promise.allSettled(running)
    },
  }
}

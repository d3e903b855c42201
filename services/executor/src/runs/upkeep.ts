import { executor, runSignalled } from '@executor/contracts'
import type { HandlerDeps } from './engine.ts'
import { every } from './every.ts'
import type { Presence } from './presence.ts'

/** Milliseconds between two looks for workers that went away. */
const LOOK_MS = 1_000
/** Milliseconds without a heartbeat after which the bus is asked whether a worker is there. */
const SILENT_MS = 3_000
/** Milliseconds between two looks for runs that nobody works on. */
const SWEEP_MS = 3_000
/** Milliseconds a queued run may wait before its job counts as lost and is made again. */
const QUEUED_MS_MAX = 15_000
const RETENTION_SWEEP_MS = 60 * 60 * 1000
const RETENTION_FIRST_MS = 60 * 1000
/** Runs deleted by one statement: the store stays free for others in between. */
const RETENTION_BATCH = 500
/** Milliseconds after which a long text that no run has come to name is not going to be named. */
const LOOSE_TEXT_MS = 60 * 60 * 1000

export interface Upkeep {
  close(): Promise<void>
}

/**
 * What keeps runs alive without anybody asking: runs whose worker or job was lost, interactions whose
 * time is over, runs that were kept long enough.
 */
export async function startUpkeep(
  deps: HandlerDeps,
  presence: Presence,
  onError: (error: unknown, task: string) => void,
): Promise<Upkeep> {
  await requeueStranded(deps, Number.MAX_SAFE_INTEGER)
  const tasks = [
    every(
      LOOK_MS,
      () => replaceGone(deps),
      (error) => onError(error, 'look for workers'),
    ),
    every(
      SWEEP_MS,
      async () => {
        if (presence.canTellOthers()) await requeueStranded(deps, Date.now() - QUEUED_MS_MAX)
        await expireInteractions(deps)
        await wakeDue(deps)
      },
      (error) => onError(error, 'sweep'),
    ),
    every(
      RETENTION_SWEEP_MS,
      () => removeOld(deps),
      (error) => onError(error, 'retention'),
      // Also where nobody leaves it running for an hour.
      RETENTION_FIRST_MS,
    ),
  ]
  return {
    async close() {
      await Promise.all(tasks.map((task) => task.stop()))
    },
  }
}

/**
 * Takes up at once what a worker held that is certainly gone: silent to the store, and not there for
 * the bus. One that is only silent may be busy, or cut off from the store, and gets more time.
 */
async function replaceGone(deps: HandlerDeps): Promise<void> {
  const { store, bus } = deps
  // One process per data directory: there is nobody to look for.
  if (store.engine === 'sqlite') return
  const silent = await store.listSilent(SILENT_MS)
  const areThere = await Promise.all(silent.map((id) => bus.isServing(executor.service, id)))
  const gone = silent.filter((_, index) => !areThere[index])
  for (const holder of gone) await store.forgetHolder(holder)
  if (gone.length > 0) await requeueStranded(deps, Date.now() - QUEUED_MS_MAX)
}

/** A job for a run that is taken up already does no harm: whoever gets it finds the run held. */
async function requeueStranded(
  { store, runner }: HandlerDeps,
  queuedBefore: number,
): Promise<void> {
  for (const { tenant, id } of await store.listStranded(queuedBefore)) {
    // Not the attempt's own job, which may be remembered as sent: a new one every few seconds.
    await runner.dispatch({ tenant, id, attempt: Math.floor(Date.now() / SWEEP_MS) })
  }
}

/**
 * A script that waits for a person may have a timer running: its own deadline, say. And the answer may
 * have come just before its worker went away.
 */
async function wakeDue({ store, runner }: HandlerDeps): Promise<void> {
  const atRest = [...(await store.listDue(Date.now())), ...(await store.listAnswered())]
  for (const { tenant, id } of atRest) {
    const run = (await store.wakeRun(id)) ? await store.findRun(tenant, id) : null
    if (run) await runner.dispatch(run)
  }
}

async function expireInteractions({ store, runner, bus }: HandlerDeps): Promise<void> {
  const now = Date.now()
  for (const { id, runId, tenant } of await store.listExpired(now)) {
    const expired = await store.answerInteraction(id, {
      status: 'expired',
      content: null,
      answeredAt: now,
      answeredBy: null,
      answeredRoles: null,
      answeredVia: null,
    })
    if (!expired) continue
    bus.publish(runSignalled, { id: runId, signal: 'answered' })
    if (expired.isWoken) {
      const run = await store.findRun(tenant, runId)
      if (run) await runner.dispatch(run)
    }
  }
}

async function removeOld({ store, settings }: HandlerDeps): Promise<void> {
  if (settings.retentionMs !== null) {
    const before = Date.now() - settings.retentionMs
    while ((await store.removeSettledBefore(before, RETENTION_BATCH)) === RETENTION_BATCH) {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await store.removeLooseTexts(Date.now() - LOOSE_TEXT_MS)
}

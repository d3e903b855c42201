import { runSignalled } from '@executor/contracts'
import { HOLDER_GONE_MS } from '../store.ts'
import type { HandlerDeps } from './engine.ts'

/** Milliseconds between two heartbeats; a few may be missed before others take over. */
const BEAT_MS = 2_000
/** Milliseconds without a heartbeat of our own that the store took: it was away, for others too. */
const UNHEARD_MS_MAX = 3 * BEAT_MS
/** Milliseconds between two looks for runs that nobody works on. */
const SWEEP_MS = 3_000
/** Milliseconds a queued run may wait before its job counts as lost and is made again. */
const QUEUED_MS_MAX = 15_000
const RETENTION_SWEEP_MS = 60 * 60 * 1000
/** Runs deleted by one statement: the store stays free for others in between. */
const RETENTION_BATCH = 500

export interface Upkeep {
  close(): Promise<void>
}

/**
 * What keeps runs alive without anybody asking: this process's heartbeat, runs whose worker or job
 * was lost, interactions whose time is over, runs that were kept long enough.
 */
export async function startUpkeep(
  deps: HandlerDeps,
  onError: (error: unknown, task: string) => void,
): Promise<Upkeep> {
  const { store, settings } = deps
  // One process per data directory: whoever held a run before is gone for certain.
  if (store.engine === 'sqlite') await store.forgetAllHolders()
  const heartbeat = createHeartbeat(() => store.beat(settings.holder))
  await heartbeat.beat()
  await requeueStranded(deps, Number.MAX_SAFE_INTEGER)
  const tasks = [
    every(
      BEAT_MS,
      () => heartbeat.beat(),
      (error) => onError(error, 'heartbeat'),
    ),
    every(
      SWEEP_MS,
      async () => {
        if (heartbeat.canTellOthers()) await requeueStranded(deps, Date.now() - QUEUED_MS_MAX)
        await expireInteractions(deps)
        await wakeDue(deps)
      },
      (error) => onError(error, 'sweep'),
    ),
    every(
      RETENTION_SWEEP_MS,
      () => removeOld(deps),
      (error) => onError(error, 'retention'),
    ),
  ]
  return {
    async close() {
      await Promise.all(tasks.map((task) => task.stop()))
      await store.forgetHolder(settings.holder)
    },
  }
}

interface Heartbeat {
  beat(): Promise<void>
  /** Who was not heard of is gone, as far as we know; not right after the store heard nobody. */
  canTellOthers(): boolean
}

function createHeartbeat(beat: () => Promise<void>): Heartbeat {
  let heardAt = Date.now()
  let trustFrom = 0
  return {
    async beat() {
      await beat()
      const now = Date.now()
      if (now - heardAt > UNHEARD_MS_MAX) trustFrom = now + HOLDER_GONE_MS
      heardAt = now
    },
    canTellOthers() {
      const now = Date.now()
      return now >= trustFrom && now - heardAt <= UNHEARD_MS_MAX
    },
  }
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
  if (settings.retentionMs === null) return
  const before = Date.now() - settings.retentionMs
  while ((await store.removeSettledBefore(before, RETENTION_BATCH)) === RETENTION_BATCH) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}

interface Task {
  stop(): Promise<void>
}

/** One run of a task at a time; the next begins `ms` after the last ended. */
function every(ms: number, work: () => Promise<void>, onError: (error: unknown) => void): Task {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()
  const plan = () => {
    timer = setTimeout(() => {
      working = work()
        .catch(onError)
        .then(() => {
          if (!stopped) plan()
        })
    }, ms)
    timer.unref()
  }
  plan()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await working
    },
  }
}

import type { Bus, Subscription } from '@executor/bus'
import { invariant, isServiceError, runQueue, runSignalled } from '@executor/contracts'
import type { ExecutorDeps } from '../deps.ts'
import type { InteractionRow, RunRow } from '../store/rows.ts'
import { performExecution } from './execution.ts'
import { type Performed, performInvocation } from './invocation.ts'
import { outlast } from './outage.ts'
import type { RunControl } from './run-control.ts'
import { createWaiters, isSettled, type Waiters } from './waiters.ts'

/** Runs that one worker holds at a time; what is beyond waits in the queue. */
export const RUNS_HELD_MAX = 64
/** Runs held by a worker that has neighbours, for it to start new ones itself: theirs may have room. */
const STARTING_RUNS_MAX = 16
/** Runs held beside them whose upstreams wait for a person: an open request and a sandbox each. */
const ASKING_RUNS_MAX = 256
/** Milliseconds between two signs of life of a job, well within the queue's patience. */
const HEARTBEAT_MS = 3_000
/** Milliseconds that runs get to settle when the process is told to stop, before they are handed on. */
const SETTLE_MS_MAX = 8_000

/** The runs that this process holds. */
export interface Runner {
  readonly waiters: Waiters
  /** Performs a new invocation here and now; the caller waits. */
  invoke(run: RunRow, args: Record<string, unknown>, signal: AbortSignal): Promise<Invoked>
  /** Sees to it that a new or woken run is taken up: here, or by any worker. */
  dispatch(run: { tenant: string; id: string; attempt: number }): Promise<void>
  /** Starts a new execution here if there is room; false when it has to be dispatched. */
  start(run: RunRow): boolean
  /** The run as this process holds it, which is ahead of the store. */
  held(id: string): RunRow | null
  /** Starts taking up runs from the queue. */
  work(): Promise<void>
  drain(): Promise<void>
}

/** What whoever waits for an invocation is told: what came of it, or that a person is asked first. */
export type Invoked = Exclude<Performed, { status: 'queued' }>

interface HoldOptions {
  controller?: AbortController
  onAsked?: (interaction: InteractionRow) => void
}

interface Held {
  run: RunRow
  controller: AbortController
  /** Called when somebody answered an interaction of this run. */
  wake: Set<() => void>
  done: Promise<void>
}

export function createRunner(
  deps: ExecutorDeps,
  onError: (error: unknown, id: string) => void,
): Runner {
  const { bus, store, settings } = deps
  const waiters = createWaiters()
  const held = new Map<string, Held>()
  /** Which of them have a call that is held up by a question. */
  const asking = new Set<string>()
  const subscriptions: Subscription[] = []
  let draining = false
  // One process per data directory: there is nobody else to start it.
  const startingMax = store.engine === 'sqlite' ? RUNS_HELD_MAX : STARTING_RUNS_MAX

  function hold<T>(
    run: RunRow,
    perform: (control: RunControl) => Promise<T>,
    { controller = new AbortController(), onAsked }: HoldOptions = {},
  ): Promise<T> {
    const wake = new Set<() => void>()
    const work = perform({
      signal: controller.signal,
      wake,
      isDraining: () => draining,
      onAsked(interaction) {
        deps.announcements.tell({ ...run, status: 'waiting' })
        waiters.tell(run.id)
        onAsked?.(interaction)
      },
      onAsking() {
        if (run.asking) asking.add(run.id)
        else asking.delete(run.id)
        if (!run.asking) deps.announcements.tell(run)
      },
      hasRoomToAsk: () => asking.size < ASKING_RUNS_MAX,
    })
    const done = work.then(
      () => {},
      () => {},
    )
    held.set(run.id, { run, controller, wake, done })
    return work.finally(() => {
      held.delete(run.id)
      asking.delete(run.id)
      waiters.tell(run.id)
      tellWhenWritten(run)
    })
  }

  /** Whoever hears of it and asks, asks any worker: by then the store must know. */
  function tellWhenWritten(run: RunRow): void {
    deps.journal.whenWritten(run.id).then(
      () => deps.announcements.tell(run),
      // Another worker has it now, or the store is gone and the journal said so.
      () => {},
    )
  }

  function perform(run: RunRow, options?: HoldOptions): Promise<void> {
    deps.announcements.tell(run)
    const performing = hold<unknown>(
      run,
      (control) =>
        run.kind === 'invocation'
          ? performInvocation(deps, run, parseArguments(run), control)
          : performExecution(deps, run, control),
      options,
    )
    return conclude(run, performing)
  }

  async function conclude(run: RunRow, performing: Promise<unknown>): Promise<void> {
    try {
      await performing
    } catch (error) {
      // Cancelled, or taken up by another worker: theirs to tell.
      if (isServiceError(error, 'run_taken')) return
      onError(error, run.id)
      await failRun(run)
      return
    }
    await handOn(run).catch((error: unknown) => onError(error, run.id))
  }

  /** A run that goes to rest or to another worker is as it should be, whether or not this succeeds. */
  async function handOn(run: RunRow): Promise<void> {
    if (run.status === 'waiting') await outlast(() => wakeIfAnswered(run))
    if (run.status === 'queued') await dispatch(run)
  }

  /** A bug, or a store that is gone: said plainly where it still can be said. */
  async function failRun(run: RunRow): Promise<void> {
    if (isSettled(run.status)) return
    run.status = 'failed'
    run.isError = true
    run.settledAt = Date.now()
    run.result = JSON.stringify(
      run.kind === 'invocation'
        ? { ok: false, error: INTERNAL_FAILURE }
        : { ok: false, error: INTERNAL_FAILURE, emitted: [], logs: [] },
    )
    deps.journal.append(run)
    await deps.journal.flush(run.id).catch((error: unknown) => onError(error, run.id))
    deps.announcements.tell(run)
    waiters.tell(run.id)
  }

  /** An answer may have come while the run was on its way to rest. */
  async function wakeIfAnswered(run: RunRow): Promise<void> {
    if (await store.wakeAnswered(run.id)) await dispatch(run)
  }

  async function dispatch({
    tenant,
    id,
    attempt,
  }: {
    tenant: string
    id: string
    attempt: number
  }) {
    await bus.enqueue(runQueue, { tenant, id }, { id: `${id}.${attempt}` })
  }

  async function take(id: string, heartbeat: () => void): Promise<void> {
    const run = await store.claimRun(id, settings.holder)
    if (!run) return
    const beating = setInterval(heartbeat, HEARTBEAT_MS)
    // The job has done its part once an upstream waits for a person: its place is for others.
    const asked = Promise.withResolvers<void>()
    const onAsked = () => {
      if (run.asking) asked.resolve()
    }
    try {
      await Promise.race([perform(run, { onAsked }), asked.promise])
    } finally {
      clearInterval(beating)
    }
  }

  return {
    waiters,
    async invoke(run, args, signal) {
      const controller = new AbortController()
      const abort = () => controller.abort(signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      const asked = Promise.withResolvers<Performed>()
      let isAsked = false
      const performing = hold(run, (control) => performInvocation(deps, run, args, control), {
        controller,
        onAsked(interaction) {
          isAsked = true
          asked.resolve({ status: 'waiting', interaction })
        },
      })
      try {
        const first = await Promise.race([performing, asked.promise])
        // The call is under way, and ends without this caller.
        if (isAsked) conclude(run, performing).catch((error) => onError(error, run.id))
        invariant(first.status !== 'queued', 'a run goes on elsewhere only after it asked')
        return first
      } finally {
        signal.removeEventListener('abort', abort)
      }
    },
    dispatch,
    start(run) {
      if (draining || held.size - asking.size >= startingMax) return false
      perform(run).catch((error: unknown) => onError(error, run.id))
      return true
    },
    held: (id) => held.get(id)?.run ?? null,
    async work() {
      subscriptions.push(await listenToSignals(bus, held))
      subscriptions.push(
        await bus.work(runQueue, { concurrency: RUNS_HELD_MAX }, ({ id }, { heartbeat }) =>
          take(id, heartbeat),
        ),
      )
    },
    async drain() {
      draining = true
      for (const entry of held.values()) wakeAll(entry)
      const all = () => Promise.all([...held.values()].map(({ done }) => done))
      const taking = Promise.all(subscriptions.map((subscription) => subscription.drain()))
      const patience = new Promise((resolve) => setTimeout(resolve, SETTLE_MS_MAX).unref())
      await Promise.race([all(), patience])
      // What does not come to rest by itself, a script that computes, loses its thread: its journal
      // holds all that another worker needs.
      if (held.size > 0) await deps.sandbox.close()
      await all()
      await taking
    },
  }
}

const INTERNAL_FAILURE = {
  code: 'internal',
  message: 'The run could not go on because of a fault on our side. Its id leads to the log.',
}

/** Answers and cancellations reach whoever holds the run. */
async function listenToSignals(bus: Bus, held: Map<string, Held>): Promise<Subscription> {
  return bus.subscribe(runSignalled, ({ id, signal }) => {
    const entry = held.get(id)
    if (!entry) return
    if (signal === 'cancelled') entry.controller.abort('cancelled')
    else wakeAll(entry)
  })
}

/** What waits for news of a run looks again. */
function wakeAll({ wake }: Held): void {
  for (const look of [...wake]) look()
}

function parseArguments(run: RunRow): Record<string, unknown> {
  return JSON.parse(run.arguments ?? '{}') as Record<string, unknown>
}

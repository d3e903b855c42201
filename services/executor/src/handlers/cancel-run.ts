import type { Handler } from '@executor/bus'
import { type executor, runSignalled } from '@executor/contracts'
import type { HandlerDeps } from '../runs/engine.ts'
import { getOwnRun } from '../runs/runs.ts'
import { toSummary } from '../runs/translate.ts'
import { cancelledResult, WITHDRAWN } from '../runs/withdrawn.ts'

/** Ends a run wherever it is; a run that has settled stays as it settled. */
export function cancelRun(deps: HandlerDeps): Handler<typeof executor.cancelRun> {
  const { store, bus, runner, journal } = deps
  return async ({ id }, { principal }) => {
    const here = runner.held(id)
    // A run that nobody wrote down yet is written first, so that there is something to end.
    if (here && here.tenant === principal.tenant) {
      journal.append(here)
      await journal.flush(id)
    }
    const { kind } = await getOwnRun(deps, principal, id)
    const now = Date.now()
    if (await store.cancelRun(id, now, cancelledResult(kind))) {
      await store.closeInteractions(id, now, WITHDRAWN)
      bus.publish(runSignalled, { id, signal: 'cancelled' })
    }
    const run = await getOwnRun(deps, principal, id)
    deps.announcements.tell(run)
    runner.waiters.tell(id)
    return toSummary(run)
  }
}

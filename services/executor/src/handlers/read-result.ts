import type { Handler } from '@executor/bus'
import { type executor, ServiceError } from '@executor/contracts'
import type { ExecutorDeps } from '../deps.ts'
import { getOwnRun } from '../runs/runs.ts'

/** A result whole, a run's or one step's. */
export function readResult(deps: ExecutorDeps): Handler<typeof executor.readResult> {
  return async ({ id, step }, { principal }) => {
    const run = await getOwnRun(deps, principal, id)
    const json =
      step === undefined || (run.kind === 'invocation' && step === 0)
        ? run.result
        : ((await deps.store.findStep(id, step))?.result ?? null)
    if (json !== null) return { json }
    throw new ServiceError('not_found', 'result_unknown', `Run "${id}" has no such result yet.`)
  }
}

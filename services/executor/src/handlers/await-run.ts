import type { Handler } from '@executor/bus'
import type { executor } from '@executor/contracts'
import { awaitStanding } from '../runs/await-outcome.ts'
import type { HandlerDeps } from '../runs/engine.ts'
import { getOwnRun } from '../runs/runs.ts'
import { encodeOutcome } from '../runs/translate.ts'

export function awaitRun(deps: HandlerDeps): Handler<typeof executor.awaitRun> {
  return async ({ id, waitMs, known }, { principal, signal }) => {
    const run = await getOwnRun(deps, principal, id)
    return { json: encodeOutcome(await awaitStanding(deps, { run, waitMs, known, signal })) }
  }
}

import type { Handler } from '@executor/bus'
import type { executor } from '@executor/contracts'
import type { HandlerDeps } from '../runs/engine.ts'
import { newExecution, newInvocation } from '../runs/new-run.ts'
import { getOwnRun } from '../runs/runs.ts'
import { toSummary } from '../runs/translate.ts'

/** The same code or call once more, with the rights of whoever asks for it. */
export function rerunRun(deps: HandlerDeps): Handler<typeof executor.rerunRun> {
  const { journal, runner } = deps
  return async ({ id, runId }, { principal }) => {
    const before = await getOwnRun(deps, principal, id)
    const options = {
      id: runId,
      principal,
      options: { rerunOf: id },
      status: 'queued' as const,
      holder: null,
    }
    const args = JSON.parse(before.arguments ?? '{}') as Record<string, unknown>
    const run =
      before.kind === 'invocation'
        ? newInvocation({ address: before.address ?? '', args }, options)
        : newExecution(before.code ?? '', options)
    journal.append(run)
    await journal.flush(run.id)
    deps.announcements.tell(run)
    await runner.dispatch(run)
    return toSummary(run)
  }
}

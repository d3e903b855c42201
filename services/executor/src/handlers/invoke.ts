import type { Handler } from '@executor/bus'
import type { executor } from '@executor/contracts'
import type { HandlerDeps } from '../runs/engine.ts'
import { newInvocation, toOptions } from '../runs/new-run.ts'
import { toInteraction } from '../runs/translate.ts'

/** One tool call, performed where the request arrived. */
export function invoke({ runner, settings }: HandlerDeps): Handler<typeof executor.invoke> {
  return async ({ address, arguments: args, runId, canSample }, { principal, signal }) => {
    const run = newInvocation(
      { address, args },
      {
        id: runId,
        principal,
        options: toOptions({ canSample }, principal),
        status: 'running',
        holder: settings.holder,
      },
    )
    const performed = await runner.invoke(run, args, signal)
    if (performed.status === 'settled') return { json: performed.answer.json }
    const interaction = toInteraction(performed.interaction)
    return { json: JSON.stringify({ status: 'waiting', runId: run.id, interaction }) }
  }
}

import type { Handler } from '@executor/bus'
import { type executor, type Interaction, isServiceError } from '@executor/contracts'
import { awaitStanding } from '../runs/await-outcome.ts'
import type { HandlerDeps } from '../runs/engine.ts'
import { newInvocation, toOptions } from '../runs/new-run.ts'
import { toInteraction } from '../runs/translate.ts'
import type { RunRow } from '../store/rows.ts'

/** Milliseconds that whoever took the run up has to settle it, or to ask a person. */
const TAKEN_MS_MAX = 60_000

/** One tool call, performed where the request arrived. */
export function invoke(deps: HandlerDeps): Handler<typeof executor.invoke> {
  const { runner, settings } = deps
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
    try {
      const performed = await runner.invoke(run, args, signal)
      if (performed.status === 'settled') return { json: performed.answer.json }
      return waiting(run, toInteraction(performed.interaction))
    } catch (error) {
      if (!isServiceError(error, 'run_taken')) throw error
      return await awaitTaker(deps, { run, error, signal })
    }
  }
}

/** Another worker holds the run now, because this one was not heard of for a while: theirs to tell. */
async function awaitTaker(
  deps: HandlerDeps,
  { run, error, signal }: { run: RunRow; error: unknown; signal: AbortSignal },
) {
  const taken = await deps.store.findRun(run.tenant, run.id)
  if (!taken) throw error
  const awaited = { run: taken, waitMs: TAKEN_MS_MAX, known: [], signal }
  const outcome = await awaitStanding(deps, awaited)
  if (outcome.status === 'waiting') return waiting(run, outcome.interactions[0])
  const isTold = outcome.status === 'settled' && outcome.run !== 'cancelled'
  if (!isTold || outcome.result === null) throw error
  return { json: outcome.result }
}

function waiting({ id }: RunRow, interaction: Interaction | undefined) {
  return { json: JSON.stringify({ status: 'waiting', runId: id, interaction }) }
}

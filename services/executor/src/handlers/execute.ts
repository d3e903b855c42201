import type { Handler } from '@executor/bus'
import { type executor, isAgent, ServiceError } from '@executor/contracts'
import { awaitStanding } from '../runs/await-outcome.ts'
import type { HandlerDeps } from '../runs/engine.ts'
import { newExecution, toOptions } from '../runs/new-run.ts'
import { encodeOutcome } from '../runs/translate.ts'

/** Bytes of a script; a program an agent writes has a few thousand. */
const CODE_BYTES_MAX = 1024 * 1024

/**
 * Starts agent code: here where there is room, and then the run is written when it first needs to be.
 * Beyond that it is durable before any worker is told of it.
 */
export function execute(deps: HandlerDeps): Handler<typeof executor.execute> {
  const { journal, runner, settings } = deps
  return async ({ code, runId, again, autoApprove, canSample, waitMs }, { principal, signal }) => {
    if (autoApprove && isAgent(principal)) {
      throw new ServiceError(
        'permission_denied',
        'agent_not_allowed',
        'An agent cannot approve its own calls: leave out autoApprove.',
      )
    }
    if (Buffer.byteLength(code) > CODE_BYTES_MAX) throw codeTooLong()
    const known = runId && again ? await findKnown(deps, principal.tenant, runId) : null
    const run =
      known ??
      newExecution(code, {
        id: runId,
        principal,
        options: toOptions({ autoApprove, canSample }, principal),
        status: 'running',
        holder: settings.holder,
      })
    const isStarted = !known && runner.start(run)
    if (!known && !isStarted) {
      run.status = 'queued'
      run.holder = null
      run.attempt = 0
      journal.append(run)
      await journal.flush(run.id)
      deps.announcements.tell(run)
      await runner.dispatch(run)
    }
    // A quick run is written once, at its end; one that only computes must be there to be found too.
    if (isStarted) journal.append(run)
    // Whoever does not wait is given the run to keep.
    if (isStarted && waitMs === 0) await journal.flush(run.id)
    return { json: encodeOutcome(await awaitStanding(deps, { run, waitMs, known: [], signal })) }
  }
}

async function findKnown({ runner, store }: HandlerDeps, tenant: string, id: string) {
  const held = runner.held(id)
  return held?.tenant === tenant ? held : store.findRun(tenant, id)
}

function codeTooLong(): ServiceError {
  return new ServiceError(
    'invalid_argument',
    'code_too_long',
    `A script may have at most ${CODE_BYTES_MAX} bytes. Give data to it through tools instead.`,
  )
}

import type { ExecutorDeps } from '../deps.ts'
import type { InteractionRow, RunRow } from '../store/rows.ts'
import { failureAnswer, isFailure, type ToolAnswer } from '../tools/tool.ts'
import { type GatedCall, type Passage, passGate } from './gate.ts'
import { findTool, OUTAGE_MS_MAX, outageFailure, outlast, sendTool } from './outage.ts'
import { outcomeUnknown } from './outcome-unknown.ts'

/** Milliseconds that a caller waits for a service of ours to come back. */
const FIRST_OUTAGE_MS_MAX = 5_000

/** What performing an invocation comes to. */
export type Performed =
  | { status: 'settled'; answer: ToolAnswer }
  | { status: 'waiting'; interaction: InteractionRow }

/**
 * Performs an invocation that this process holds: locate, check, decide, send, record. Throws
 * `run_taken` when it turns out that another worker holds it now.
 */
export async function performInvocation(
  deps: ExecutorDeps,
  run: RunRow,
  args: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Performed> {
  const { journal, tools } = deps
  const options = { principal: run.principal, signal }
  // Somebody waits for a first attempt; whoever goes on with it has time.
  const patience = { signal, ms: run.attempt > 1 ? OUTAGE_MS_MAX : FIRST_OUTAGE_MS_MAX }
  const tool = await outlast(
    () => findTool(tools, run.address ?? '', args, options),
    patience,
  ).catch(outageFailure)
  if (isFailure(tool)) return settle(deps, run, failureAnswer(tool.failure))

  run.readOnly = tool.readOnly
  // It was let through before, and then its worker was gone: it may have arrived.
  if (run.attempt > 1 && run.decision !== '' && !tool.readOnly) {
    return settle(deps, run, failureAnswer(outcomeUnknown(tool.path)))
  }
  const passage = await outlast(() => pass(deps, run, { tool, args, options }), patience).catch(
    undecided,
  )
  if (passage.pass === 'ask') return wait(deps, run, passage.interaction)
  run.decision = passage.decision
  if (!passage.pass) return settle(deps, run, failureAnswer(passage.failure))

  journal.append(run)
  // The intent is durable before anything can change upstream.
  if (!tool.readOnly) await journal.flush(run.id)
  const answer = await sendTool(tool, passage.options, patience)
  return settle(deps, run, answer, signal.aborted)
}

function undecided(error: unknown): Passage {
  return { pass: false, decision: 'undecided', ...outageFailure(error) }
}

async function pass(
  deps: ExecutorDeps,
  run: RunRow,
  call: Pick<GatedCall, 'tool' | 'args' | 'options'>,
): Promise<Passage> {
  const { store, bus, settings } = deps
  const asked = run.attempt > 1 ? await findAsked(deps, run) : null
  const { interactionTtlMs } = settings
  return passGate({ store, bus, interactionTtlMs }, { ...call, run, position: 0, asked })
}

async function settle(
  { journal }: ExecutorDeps,
  run: RunRow,
  answer: ToolAnswer,
  cancelled = false,
): Promise<Performed> {
  run.status = cancelled ? 'cancelled' : 'completed'
  run.isError = !answer.ok
  run.result = answer.json
  run.settledAt = Date.now()
  journal.append(run)
  // A read that was answered and then forgotten by a crash has changed nothing.
  if (!run.readOnly) await journal.flush(run.id)
  return { status: 'settled', answer }
}

async function wait(
  { journal }: ExecutorDeps,
  run: RunRow,
  interaction: InteractionRow,
): Promise<Performed> {
  run.status = 'waiting'
  journal.append(run, { interaction })
  await journal.flush(run.id)
  return { status: 'waiting', interaction }
}

async function findAsked({ store }: ExecutorDeps, run: RunRow): Promise<InteractionRow | null> {
  const rows = await store.listInteractions(run.tenant, { runId: run.id, limit: 1 })
  return rows[0] ?? null
}

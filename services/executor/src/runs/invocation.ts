import type { ExecutorDeps } from '../deps.ts'
import type { InteractionRow, RunRow } from '../store/rows.ts'
import { failureAnswer, isFailure, type ToolAnswer } from '../tools/tool.ts'
import { RunQuestions } from './call-questions.ts'
import { type GatedCall, type Passage, passGate } from './gate.ts'
import { findTool, OUTAGE_MS_MAX, outageFailure, outlast, sendTool } from './outage.ts'
import { outcomeUnknown } from './outcome-unknown.ts'
import type { RunControl } from './run-control.ts'

/** Milliseconds that a caller waits for a service of ours to come back. */
const FIRST_OUTAGE_MS_MAX = 5_000

/** An approval, and the questions of one call, asked again in several lives of it. */
const ASKED_MAX = 1_000

/** What performing an invocation comes to. */
export type Performed =
  | { status: 'settled'; answer: ToolAnswer }
  | { status: 'waiting'; interaction: InteractionRow }
  /** Any other worker goes on with it. */
  | { status: 'queued' }

/**
 * Performs an invocation that this process holds: locate, check, decide, send, record. Throws
 * `run_taken` when it turns out that another worker holds it now.
 */
export async function performInvocation(
  deps: ExecutorDeps,
  run: RunRow,
  args: Record<string, unknown>,
  control: RunControl,
): Promise<Performed> {
  const { journal, tools } = deps
  const { signal } = control
  const began = Date.now()
  const options = { principal: run.principal, signal }
  // Somebody waits for a first attempt; whoever goes on with it has time.
  const patience = { signal, ms: run.attempt > 1 ? OUTAGE_MS_MAX : FIRST_OUTAGE_MS_MAX }
  const tool = await outlast(
    () => findTool(tools, run.address ?? '', args, options),
    patience,
  ).catch(outageFailure)
  if (isFailure(tool)) return settle(deps, run, failureAnswer(tool.failure))

  run.readOnly = tool.readOnly
  const asked = run.attempt > 1 ? await outlast(() => listAsked(deps, run), patience) : []
  const approval = asked.find(({ kind }) => kind === 'approval') ?? null
  const questions = new RunQuestions(
    deps,
    run,
    control,
    asked.filter(({ kind }) => kind !== 'approval'),
  )
  // It was let through before, and then its worker was gone: it may have arrived.
  if (run.attempt > 1 && run.decision !== '' && !tool.readOnly) {
    await questions.closeLeft(0)
    return settle(deps, run, failureAnswer(outcomeUnknown(tool.path)))
  }
  const passage = await outlast(
    () => pass(deps, { run, position: 0, tool, args, options, asked: approval }),
    patience,
  ).catch(undecided)
  if (passage.pass === 'ask') return wait(deps, run, passage.interaction)
  run.decision = passage.decision
  if (!passage.pass) return settle(deps, run, failureAnswer(passage.failure))

  journal.append(run)
  // The intent is durable before anything can change upstream.
  if (!tool.readOnly) await journal.flush(run.id)
  const { path, readOnly } = tool
  const sent = { position: 0, path, args: run.arguments ?? '{}', readOnly }
  const answer = await questions.during(sent, (asker) =>
    sendTool(tool, passage.options, patience, asker),
  )
  run.activeMs += Date.now() - began - questions.waitedMs
  if (!answer) return giveUp(deps, run)
  return settle(deps, run, answer, signal.aborted)
}

function undecided(error: unknown): Passage {
  return { pass: false, decision: 'undecided', ...outageFailure(error) }
}

function pass({ store, bus, settings }: ExecutorDeps, call: GatedCall): Promise<Passage> {
  const { interactionTtlMs } = settings
  return passGate({ store, bus, interactionTtlMs }, call)
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

/** This process ends while the upstream asks: the call, which only reads, is sent again elsewhere. */
async function giveUp({ journal }: ExecutorDeps, run: RunRow): Promise<Performed> {
  run.status = 'queued'
  journal.append(run)
  await journal.flush(run.id)
  return { status: 'queued' }
}

/** What was asked for this run before, the first question first. */
async function listAsked({ store }: ExecutorDeps, run: RunRow): Promise<InteractionRow[]> {
  const rows = await store.listInteractions(run.tenant, { runId: run.id, limit: ASKED_MAX })
  return rows.reverse()
}

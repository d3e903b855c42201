import type { Bus } from '@executor/bus'
import { executor, promptDismissed, type RunOutcome } from '@executor/contracts'
import { awaitNews, cancelRun } from '../executions/drive.ts'
import type { Abilities } from './abilities.ts'
import { type AnswerMode, type Prompt, toPrompt } from './prompt.ts'
import type { CallerOptions, Came } from './tool.ts'

/** Milliseconds that a call waits for a link to be opened and answered; clients give up after 60 s. */
export const LINK_MS_MAX = 45_000
/** Milliseconds that a call waits for the client's own user. */
export const QUESTION_MS_MAX = 30 * 60 * 1000
/** Why a call ends that its client no longer wants: what it started is stopped too. */
export const CANCELLED = 'cancelled by the client'

export interface Conversation {
  bus: Bus
  mode: AnswerMode
  abilities: Abilities
  options: CallerOptions
  /** Puts a prompt to the client. */
  prompt(prompt: Prompt): void
  /** The page behind a link was answered. */
  completed(interactionId: string): void
}

/** The prompts for everything that a run waits for; null where the client cannot be asked. */
export function promptsFor(
  { mode, abilities, options }: Pick<Conversation, 'mode' | 'abilities' | 'options'>,
  { runId, interactions }: RunOutcome & { status: 'waiting' },
): Prompt[] | null {
  const approvalUrl = options.approvalUrl(runId)
  const prompts = interactions.map((asked) => toPrompt(asked, { mode, abilities, approvalUrl }))
  return prompts.every((prompt) => prompt !== null) ? prompts : null
}

/**
 * Puts to the client what a run waits for, and waits, until the run settles or the client can do no
 * more for it. For clients that can be asked while their call is under way.
 */
export async function converse(
  conversation: Conversation,
  { outcome: first, asked = [] }: Came,
): Promise<RunOutcome> {
  const links = new Set<string>()
  const prompted = new Set<string>(asked)
  let outcome = first
  while (outcome.status === 'waiting' && !isAskedAlready(outcome, prompted)) {
    const prompts = promptsFor(conversation, outcome)
    if (prompts === null) return outcome
    for (const prompt of prompts) {
      if (prompted.has(prompt.interactionId)) continue
      prompted.add(prompt.interactionId)
      if (prompt.kind === 'link') links.add(prompt.interactionId)
      conversation.prompt(prompt)
    }
    const next = await nextOutcome(conversation, outcome.runId, {
      known: [...prompted],
      patienceMs: links.size > 0 ? LINK_MS_MAX : QUESTION_MS_MAX,
    })
    for (const id of links) {
      if (isStillOpen(next, id)) continue
      links.delete(id)
      conversation.completed(id)
    }
    outcome = next
  }
  return outcome
}

interface Wait {
  known: string[]
  patienceMs: number
}

/** How the run goes on; or where it stands, once the time is over or the client has turned away. */
async function nextOutcome(
  { bus, options }: Conversation,
  runId: string,
  { known, patienceMs }: Wait,
): Promise<RunOutcome> {
  const dismissed = new AbortController()
  const subscription = await bus.subscribe(promptDismissed, ({ interactionId }) => {
    if (known.includes(interactionId)) dismissed.abort()
  })
  const { signal: left } = options
  const signal = left ? AbortSignal.any([left, dismissed.signal]) : dismissed.signal
  try {
    const news = await awaitNews(bus, runId, known, { ...options, signal }, patienceMs)
    if (news.status === 'settled' || news.status === 'waiting') return news
  } catch (error) {
    if (left?.reason === CANCELLED) cancelRun(bus, runId, options)
    if (left?.aborted || !dismissed.signal.aborted) throw error
  } finally {
    await subscription.drain()
  }
  return bus.request(executor.awaitRun, { id: runId }, options)
}

/** Nothing is asked that the client has not been asked before: it can do no more. */
export function isAskedAlready(outcome: RunOutcome, asked: ReadonlySet<string>): boolean {
  return outcome.status === 'waiting' && outcome.interactions.every(({ id }) => asked.has(id))
}

function isStillOpen(outcome: RunOutcome, id: string): boolean {
  return outcome.status === 'waiting' && outcome.interactions.some((open) => open.id === id)
}

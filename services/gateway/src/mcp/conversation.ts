import type { Bus } from '@executor/bus'
import { promptLeftOpen, type RunOutcome } from '@executor/contracts'
import type { AnswerMode } from '../executions/answer-mode.ts'
import { awaitNews, awaitOutcome, cancelRun } from '../executions/drive.ts'
import { pauseIdOf } from '../executions/pause.ts'
import type { Abilities } from './abilities.ts'
import { type Asked, explainProblems, isToBeAsked } from './asked.ts'
import { type Prompt, toPrompt } from './prompt.ts'
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

/**
 * The prompts for what a run waits for and the client is still to be asked; none where the client
 * cannot be asked everything.
 */
export function promptsFor(
  { mode, abilities, options }: Pick<Conversation, 'mode' | 'abilities' | 'options'>,
  outcome: RunOutcome,
  asked: Asked,
): Prompt[] {
  if (outcome.status !== 'waiting') return []
  const prompts: Prompt[] = []
  for (const interaction of outcome.interactions) {
    const approvalUrl = options.approvalUrl(pauseIdOf(interaction))
    const prompt = toPrompt(interaction, { mode, abilities, approvalUrl, asked })
    if (prompt === null) return []
    if (isToBeAsked(asked, interaction.id)) prompts.push(prompt)
  }
  return prompts
}

/**
 * Puts to the client what a run waits for, and waits, until the run settles or the client can do no
 * more for it. For clients that can be asked while their call is under way.
 */
export async function converse(
  conversation: Conversation,
  { outcome: first, asked: before }: Came,
): Promise<RunOutcome> {
  if (first.status !== 'waiting') return first
  const links = new Set<string>()
  const asked = new Map(before)
  let leftOpen = new AbortController()
  const subscription = await conversation.bus.subscribe(
    promptLeftOpen,
    ({ interactionId, problem }) => {
      const attempt = asked.get(interactionId)
      if (!attempt) return
      if (problem !== null) asked.set(interactionId, { ...attempt, problem })
      leftOpen.abort()
    },
  )
  try {
    let outcome: RunOutcome = first
    for (;;) {
      const prompts = promptsFor(conversation, outcome, asked)
      if (prompts.length === 0) return explainProblems(outcome, asked)
      leftOpen = new AbortController()
      for (const prompt of prompts) {
        asked.set(prompt.interactionId, { times: prompt.times })
        if (prompt.kind === 'link') links.add(prompt.interactionId)
        conversation.prompt(prompt)
      }
      const next = await nextOutcome(conversation, outcome.runId, {
        known: [...asked.keys()],
        patienceMs: links.size > 0 ? LINK_MS_MAX : QUESTION_MS_MAX,
        leftOpen: leftOpen.signal,
      })
      for (const id of links) {
        if (isStillOpen(next, id)) continue
        links.delete(id)
        conversation.completed(id)
      }
      outcome = next
    }
  } finally {
    await subscription.drain()
  }
}

interface Wait {
  known: string[]
  patienceMs: number
  /** The client said something that answers nothing. */
  leftOpen: AbortSignal
}

/** How the run goes on; or where it stands, once the time is over or something was left open. */
async function nextOutcome(
  { bus, options }: Conversation,
  runId: string,
  { known, patienceMs, leftOpen }: Wait,
): Promise<RunOutcome> {
  const { signal: gone } = options
  const signal = gone ? AbortSignal.any([gone, leftOpen]) : leftOpen
  try {
    const news = await awaitNews(bus, runId, known, { ...options, signal }, patienceMs)
    if (news.status === 'settled' || news.status === 'waiting') return news
  } catch (error) {
    if (gone?.reason === CANCELLED) cancelRun(bus, runId, options)
    if (gone?.aborted || !leftOpen.aborted) throw error
  }
  return awaitOutcome(bus, { id: runId }, options)
}

function isStillOpen(outcome: RunOutcome, id: string): boolean {
  return outcome.status === 'waiting' && outcome.interactions.some((open) => open.id === id)
}

import type { Bus } from '@executor/bus'
import {
  Answer,
  executor,
  isServiceError,
  PROBLEM_CHARS_MAX,
  type Principal,
  promptLeftOpen,
  ServiceError,
} from '@executor/contracts'
import { z } from 'zod'
import type { JsonObject, RpcReply } from './messages.ts'
import type { Prompt } from './prompt.ts'
import type { Seal } from './seal.ts'
import { whose } from './session.ts'

/** What a prompt carries along until it is answered; with its number, no two have the same id. */
export const Sealed = z.object({
  k: z.enum(['link', 'question', 'model']),
  i: z.string(),
  d: z.string(),
  n: z.number(),
})
const Reply = z.object({ action: Answer, content: z.record(z.string(), z.unknown()).nullish() })
export type SealedPrompt = z.infer<typeof Sealed>

/** What came of a client's reply. With a problem, the question stands. */
type Heard = 'taken' | 'dismissed' | { problem: string }

/** The id of a request of ours, which the reply comes back with, to any instance. */
const purposeOf = (principal: Principal, session: string) => ['prompt', whose(principal), session]

export function promptId(
  seal: Seal,
  prompt: Prompt,
  { principal, session }: { principal: Principal; session: string },
): string {
  return seal.close(purposeOf(principal, session), sealedPrompt(prompt))
}

export function sealedPrompt({ kind, interactionId, digest, times }: Prompt): SealedPrompt {
  return { k: kind, i: interactionId, d: digest, n: times }
}

/**
 * Takes a client's reply to a prompt. What it left open is told to the instance that holds the call.
 * Throws for a prompt that was never made for this session.
 */
export async function takeReply(
  { bus, seal }: { bus: Bus; seal: Seal },
  { id, result }: RpcReply,
  { principal, session }: { principal: Principal; session: string },
): Promise<void> {
  const opened = Sealed.safeParse(seal.open(purposeOf(principal, session), id))
  if (!opened.success)
    throw new ServiceError(
      'permission_denied',
      'prompt_unknown',
      'This session was asked no such thing.',
    )
  const heard = await answerPrompt(bus, opened.data, result, principal)
  if (heard === 'taken') return
  const problem = heard === 'dismissed' ? null : heard.problem
  bus.publish(promptLeftOpen, { interactionId: opened.data.i, problem })
}

/**
 * What a client says to a prompt, null for an error. It answers for its user or its model where it was
 * asked to; what it says about a link is not an answer to anything.
 */
export async function answerPrompt(
  bus: Bus,
  { k: kind, i: id, d: digest }: SealedPrompt,
  result: JsonObject | null,
  principal: Principal,
): Promise<Heard> {
  if (kind === 'model') {
    const answer = result
      ? { action: 'accept' as const, content: result }
      : { action: 'decline' as const }
    return answerOnce(bus, { id, digest, ...answer }, principal)
  }
  const reply = Reply.safeParse(result)
  const { action, content } = reply.success
    ? reply.data
    : { action: 'cancel' as const, content: null }
  if (kind === 'question') {
    return answerOnce(bus, { id, digest, action, ...(content && { content }) }, principal)
  }
  return action === 'accept' ? 'taken' : 'dismissed'
}

/** Where somebody else was quicker, or time was over, the run goes on with that. */
async function answerOnce(
  bus: Bus,
  input: Parameters<typeof bus.request<typeof executor.answerInteraction>>[1],
  principal: Principal,
): Promise<Heard> {
  try {
    await bus.request(executor.answerInteraction, input, { principal })
  } catch (error) {
    if (isServiceError(error, 'content_invalid'))
      return { problem: error.message.slice(0, PROBLEM_CHARS_MAX) }
    const isOver =
      isServiceError(error, 'interaction_answered') || isServiceError(error, 'interaction_expired')
    if (!isOver) throw error
  }
  return 'taken'
}

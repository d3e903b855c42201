import { type Principal, ServiceError } from '@executor/contracts'
import { z } from 'zod'
import { type Asked, askedOnce } from './asked.ts'
import { isObject, type JsonObject } from './messages.ts'
import type { Prompt } from './prompt.ts'
import { Sealed, type SealedPrompt, sealedPrompt } from './prompt-replies.ts'
import type { Seal } from './seal.ts'
import { whose } from './session.ts'

/** Milliseconds after which a client has to begin anew. */
const STATE_MS_MAX = 24 * 60 * 60 * 1000
const METHOD = 'tools/call'

const State = z.object({
  /** The run. */
  r: z.string(),
  /** What was asked in this round, by key. */
  p: z.array(Sealed),
  /** Every interaction that was asked about, in any round. */
  a: z.array(z.string()),
  /** Until when it holds. */
  x: z.number(),
})

/** What a client of the later era carries from one round of a call to the next. */
export interface Round {
  runId: string
  prompts: SealedPrompt[]
  asked: Asked
}

export interface Caller {
  principal: Principal
  /** The tool that is called: a state of one call goes on with no other. */
  tool: string
}

const purposeOf = ({ principal, tool }: Caller) => ['state', METHOD, tool, whose(principal)]

/** An `input_required` result, as JSON text. */
export function inputRequired(
  seal: Seal,
  caller: Caller,
  { runId, prompts, asked }: { runId: string; prompts: Prompt[]; asked: Asked },
): string {
  const sealed = prompts.map(sealedPrompt)
  const requestState = seal.close(purposeOf(caller), {
    r: runId,
    p: sealed,
    a: [...new Set([...asked.keys(), ...prompts.map(({ interactionId }) => interactionId)])],
    x: Date.now() + STATE_MS_MAX,
  })
  const inputRequests = Object.fromEntries(
    prompts.map(({ interactionId, method, params }) => [interactionId, { method, params }]),
  )
  return JSON.stringify({ resultType: 'input_required', inputRequests, requestState })
}

/** Null for a call that begins. Throws for a state that is not ours, not this caller's, or too old. */
export function openRound(seal: Seal, caller: Caller, { requestState }: JsonObject): Round | null {
  if (requestState === undefined) return null
  const opened =
    typeof requestState === 'string' ? seal.open(purposeOf(caller), requestState) : null
  const state = State.safeParse(opened)
  if (!state.success || state.data.x < Date.now())
    throw new ServiceError(
      'invalid_argument',
      'request_state_invalid',
      'This request state is not one of this call. Begin again without it.',
    )
  const { r: runId, p: prompts, a: ids } = state.data
  const latest = prompts.map(({ i, n }) => [i, { times: n }] as const)
  return { runId, prompts, asked: new Map([...askedOnce(ids), ...latest]) }
}

/** What the client answered to one prompt of the round; null for nothing at all. */
export function responseTo(
  { inputResponses }: JsonObject,
  { i: key }: SealedPrompt,
): JsonObject | null {
  const response =
    isObject(inputResponses) && Object.hasOwn(inputResponses, key) ? inputResponses[key] : null
  return isObject(response) ? response : null
}

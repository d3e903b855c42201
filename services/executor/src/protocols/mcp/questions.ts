import type { JsonObject } from '@executor/contracts'
import type { Client, CreateMessageResult, ElicitResult } from '@modelcontextprotocol/client'
import type { Question, QuestionAnswer } from '../protocol.ts'
import { currentExchange, type Exchange } from './exchange.ts'
import type { Sdk } from './sdk.ts'

/** JSON-RPC's code for what a person refused (MCP, sampling). */
const REFUSED = -1
const NOBODY: QuestionAnswer = {
  action: 'cancel',
  reason: 'Nobody can be asked on behalf of this call.',
}

/**
 * Puts a server's questions to whoever is calling. A session is shared, so a question belongs to the
 * call on whose stream it came; where there is one pipe for all, to the only call under way. Where
 * that cannot be told nobody is asked: the answer could go to the wrong person.
 */
export function answerQuestions(sdk: Sdk, client: Client, calls: ReadonlySet<Exchange>): void {
  const { ProtocolError } = sdk

  function ask(question: Question, signal: AbortSignal): Promise<QuestionAnswer> {
    const own = currentExchange()
    const [only] = calls.size === 1 ? calls : []
    const call = own && calls.has(own) ? own : only
    return call?.ask?.(question, signal) ?? Promise.resolve(NOBODY)
  }

  client.setRequestHandler('elicitation/create', async ({ params }, { mcpReq }) => {
    const { action, content } = await ask(toQuestion(params), mcpReq.signal)
    return (action === 'accept' && content ? { action, content } : { action }) as ElicitResult
  })

  client.setRequestHandler('sampling/createMessage', async ({ params }, { mcpReq }) => {
    const question: Question = { kind: 'sampling', request: { ...params } }
    const { action, content, reason } = await ask(question, mcpReq.signal)
    if (action === 'accept' && content) return content as unknown as CreateMessageResult
    throw new ProtocolError(REFUSED, reason ?? 'Nobody let a model answer.')
  })
}

interface ElicitParams {
  mode?: string | undefined
  message: string
  requestedSchema?: unknown
  url?: unknown
  elicitationId?: unknown
}

export function toQuestion({ mode, message, ...params }: ElicitParams): Question {
  if (mode !== 'url')
    return { kind: 'form', message, requestedSchema: (params.requestedSchema ?? {}) as JsonObject }
  const { url, elicitationId } = params
  return {
    kind: 'url',
    message,
    url: String(url),
    ...(typeof elicitationId === 'string' ? { elicitationId } : {}),
  }
}

import type { JsonObject } from '@executor/contracts'
import type { Client, CreateMessageResult, ElicitResult } from '@modelcontextprotocol/client'
import type { Asker, Question, QuestionAnswer } from '../protocol.ts'
import { currentExchange, type Exchange } from './exchange.ts'
import type { Sdk } from './sdk.ts'
import type { ServerNews } from './server-news.ts'

/** JSON-RPC's code for what a person refused (MCP, sampling). */
const REFUSED = -1
const NOBODY: QuestionAnswer = {
  action: 'cancel',
  reason: 'Nobody can be asked on behalf of this call.',
}

/** Puts a server's questions to whoever is calling. */
export function answerQuestions(
  sdk: Sdk,
  client: Client,
  calls: ReadonlySet<Exchange>,
  news: Pick<ServerNews, 'onNobodyAsked'>,
): void {
  const { ProtocolError } = sdk

  async function ask(question: Question, signal: AbortSignal): Promise<QuestionAnswer> {
    const asker = findAsker(calls)
    if (!asker) news.onNobodyAsked(question.kind, calls.size)
    return asker ? asker.ask(question, signal) : NOBODY
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

/**
 * A session is shared, so a question belongs to the call on whose stream it came. Where there is one
 * pipe for all, nothing in the protocol says whose it is (a progress token in it is the server's own):
 * it is put to the run whose calls are all that is under way. Anybody else's answer could be the wrong
 * person's.
 */
function findAsker(calls: ReadonlySet<Exchange>): Asker | undefined {
  const own = currentExchange()
  if (own && calls.has(own)) return own.asker
  const known = [...calls]
  const first = known.find(({ isLeft }) => !isLeft)?.asker
  return known.every(({ asker }) => asker?.run === first?.run) ? first : undefined
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

import type { FastifyReply } from 'fastify'
import { awaitNews, awaitOutcome } from '../executions/drive.ts'
import { explainProblems } from './asked.ts'
import {
  type Conversation,
  converse,
  LINK_MS_MAX,
  promptsFor,
  QUESTION_MS_MAX,
} from './conversation.ts'
import { createEventStream, type EventStream } from './event-stream.ts'
import { eraResult, type LeanRequest } from './lean.ts'
import {
  errorMessage,
  isObject,
  type JsonObject,
  type RequestId,
  resultMessage,
} from './messages.ts'
import { answerPrompt, promptId } from './prompt-replies.ts'
import { type Caller, inputRequired, openRound, type Round, responseTo } from './request-state.ts'
import type { Seal } from './seal.ts'
import { type Came, callTool, type Settle } from './tool.ts'
import { inClientTrace } from './trace.ts'

export type ToolCall = LeanRequest & { method: 'tools/call' }

export interface CallContext extends Pick<Conversation, 'bus' | 'mode' | 'abilities' | 'options'> {
  seal: Seal
  /** Of the client's conversation, in the era that has them. */
  session: string | undefined
  serverInfoJson: string
}

/** Calls a tool for a client, which may be asked things before it has its result. */
export function answerCall(
  call: ToolCall,
  context: CallContext,
  reply: FastifyReply,
): Promise<string | null> {
  const stream = createEventStream(reply, progressTokenOf(call.params))
  return inClientTrace(call.params, call.tool.definition.name, async () => {
    try {
      const answer = call.era === 'envelope' ? answerInRounds : answerOnStream
      const text = await answer(call, context, stream)
      if (!stream.isOpen) return text
      stream.end(text)
    } catch (error) {
      if (!stream.isOpen) throw error
      const message = 'The call ended without a result.'
      stream.end(errorMessage(call.id, { code: -32603, message }))
    } finally {
      stream.close()
    }
    return null
  })
}

/** The earlier era: what the client is asked goes before the result, which makes a stream of both. */
async function answerOnStream(
  { id, tool, args }: ToolCall,
  context: CallContext,
  stream: EventStream,
): Promise<string> {
  const { session, seal, options } = context
  const { principal } = options
  const talk = (came: Came, session: string) =>
    converse(
      {
        ...context,
        prompt(prompt) {
          const { method, params } = prompt
          const id = promptId(seal, prompt, { principal, session })
          stream.send({ jsonrpc: '2.0', id, method, params })
        },
        completed(elicitationId) {
          const method = 'notifications/elicitation/complete'
          stream.send({ jsonrpc: '2.0', method, params: { elicitationId } })
        },
      },
      came,
    )
  const settle: Settle | undefined =
    session === undefined ? undefined : (came) => talk(came, session)
  return resultMessage(id, await callTool(tool, () => tool.call(args, options), options, settle))
}

/** The later era: a result that asks, and another request with the answers, to any instance. */
async function answerInRounds(
  { id, tool, args, params }: ToolCall,
  context: CallContext,
): Promise<string> {
  const { seal, options, serverInfoJson } = context
  const caller: Caller = { principal: options.principal, tool: tool.definition.name }
  const round = openRound(seal, caller, params)
  const begin = () => (round ? goOn(round, params, context) : tool.call(args, options))
  const settle: Settle = async ({ outcome, asked = new Map() }) => {
    const prompts = promptsFor(context, outcome, asked)
    if (prompts.length === 0) return explainProblems(outcome, asked)
    return inputRequired(seal, caller, { runId: outcome.runId, prompts, asked })
  }
  const result = await callTool(tool, begin, options, settle)
  const isComplete = !result.startsWith('{"resultType"')
  return resultMessage(id, isComplete ? eraResult('envelope', result, serverInfoJson) : result)
}

/** Takes the answers of a round, and waits for what they lead to. */
async function goOn(
  round: Round,
  params: JsonObject,
  { bus, options }: CallContext,
): Promise<Came> {
  const { runId } = round
  const asked = new Map(round.asked)
  let goesOn = true
  for (const prompt of round.prompts) {
    const response = responseTo(params, prompt)
    const heard = response && (await answerPrompt(bus, prompt, response, options.principal))
    if (heard === 'taken') continue
    goesOn = false
    if (heard === null) asked.delete(prompt.i)
    else if (heard !== 'dismissed') asked.set(prompt.i, { times: prompt.n, ...heard })
  }
  if (goesOn) {
    const hasLink = round.prompts.some(({ k }) => k === 'link')
    const patienceMs = hasLink ? LINK_MS_MAX : QUESTION_MS_MAX
    const outcome = await awaitNews(bus, runId, [...asked.keys()], options, patienceMs)
    if (outcome.status !== 'running') return { outcome, asked }
  }
  return { outcome: await awaitOutcome(bus, { id: runId }, options), asked }
}

function progressTokenOf({ _meta: meta }: JsonObject): RequestId | undefined {
  const token = isObject(meta) ? meta.progressToken : undefined
  return typeof token === 'string' || typeof token === 'number' ? token : undefined
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { JsonObject } from '@executor/contracts'
import type { Protocol, ProtocolCall, Question, QuestionAnswer } from '../src/protocols/protocol.ts'

/** A tool that never answers. */
const SLOW_TOOL = 'slow'

/** What an upstream asks before it answers a call, one question after the other. */
export type Script = Record<string, Question[]>

export interface AskingUpstream extends AsyncDisposable {
  protocol: Protocol
  /** The tools that were called, as they arrived. */
  calls: string[]
  /** What it was answered. */
  answers: QuestionAnswer[]
  /** Calls that were dropped before they had an answer. */
  readonly dropped: number
}

/** An upstream that asks over a real connection, and the protocol that speaks with it. */
export async function startAskingUpstream(script: Script): Promise<AskingUpstream> {
  const calls: string[] = []
  const answers: QuestionAnswer[] = []
  let dropped = 0
  // One request is one call: its answer is a stream of questions, each answered by a request of its own.
  const pending = new Map<string, (answer: QuestionAnswer) => void>()
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as {
      tool: string
      answer?: QuestionAnswer
      session?: string
    }
    if (body.session) {
      pending.get(body.session)?.(body.answer as QuestionAnswer)
      response.end()
      return
    }
    const session = String(calls.push(body.tool))
    response.on('close', () => {
      if (!response.writableEnded) dropped++
    })
    if (body.tool === SLOW_TOOL) return
    const given: QuestionAnswer[] = []
    for (const question of script[body.tool] ?? []) {
      response.write(`${JSON.stringify({ session, question })}\n`)
      const answer = await new Promise<QuestionAnswer>((resolve) => pending.set(session, resolve))
      answers.push(answer)
      given.push(answer)
    }
    response.end(`${JSON.stringify({ result: given })}\n`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    protocol: askingProtocol(`http://127.0.0.1:${port}`),
    calls,
    answers,
    get dropped() {
      return dropped
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function askingProtocol(origin: string): Protocol {
  const post = (body: JsonObject, signal: AbortSignal) =>
    fetch(origin, { method: 'POST', body: JSON.stringify(body), signal })
  return {
    kind: 'asking',
    prepare: (_, args) => ({ args }),
    async invoke(call) {
      const over = new AbortController()
      const signal = AbortSignal.any([call.signal, over.signal])
      try {
        const response = await post({ tool: call.operation.name }, signal)
        return toAnswer(await converse(response, call, signal, post))
      } catch {
        return { ...toAnswer({ ok: false, error: { code: 'dropped', message: 'dropped' } }) }
      } finally {
        over.abort()
      }
    },
  }
}

async function converse(
  response: Response,
  call: ProtocolCall,
  signal: AbortSignal,
  post: (body: JsonObject, signal: AbortSignal) => Promise<Response>,
): Promise<JsonObject> {
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString()
    if (!text.endsWith('\n')) continue
    const { question, session, result } = JSON.parse(text) as {
      question?: Question
      session?: string
      result?: unknown
    }
    text = ''
    if (!question) return { ok: true, data: result }
    const answer = (await call.asker?.ask(question, signal)) ?? { action: 'decline' }
    await post({ session, answer }, signal)
  }
  return { ok: false, error: { code: 'dropped', message: 'dropped' } }
}

function toAnswer(result: JsonObject) {
  return {
    json: JSON.stringify(result),
    ok: result.ok === true,
    httpStatus: 200,
    outcomeUnknown: false,
  }
}

import { PassThrough } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { JsonObject, RequestId } from './messages.ts'

/** Milliseconds between two signs of life: proxies close what is silent for a minute. */
const SIGN_OF_LIFE_MS = 15_000

/** The answer to one request as a stream, opened when there is something to say before the result. */
export interface EventStream {
  readonly isOpen: boolean
  send(message: JsonObject): void
  /** The last message, as JSON text. */
  end(text: string): void
}

/** `progressToken` is how the client wants to hear that its call goes on. */
export function createEventStream(
  reply: FastifyReply,
  progressToken: RequestId | undefined,
): EventStream {
  let stream: PassThrough | undefined
  let timer: NodeJS.Timeout | undefined
  let progress = 0

  function open(): PassThrough {
    if (stream) return stream
    stream = new PassThrough()
    reply.type('text/event-stream').header('cache-control', 'no-cache, no-transform')
    reply.header('x-accel-buffering', 'no').send(stream)
    timer = setInterval(() => live(), SIGN_OF_LIFE_MS)
    timer.unref()
    stream.once('close', () => clearInterval(timer))
    return stream
  }

  function live(): void {
    if (progressToken === undefined) stream?.write(': waiting\n\n')
    else {
      const params = { progressToken, progress: ++progress, message: 'Waiting for an answer.' }
      send({ jsonrpc: '2.0', method: 'notifications/progress', params })
    }
  }

  function send(message: JsonObject): void {
    write(open(), JSON.stringify(message))
  }

  return {
    get isOpen() {
      return stream !== undefined
    },
    send,
    end(text) {
      clearInterval(timer)
      write(open(), text)
      stream?.end()
    },
  }
}

function write(stream: PassThrough, text: string): void {
  if (!stream.destroyed) stream.write(`event: message\ndata: ${text}\n\n`)
}

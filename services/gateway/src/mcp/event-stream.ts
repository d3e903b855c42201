import { PassThrough } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { JsonObject, RequestId } from './messages.ts'

/** Milliseconds between two signs of life: proxies close what is silent for a minute. */
const SIGN_OF_LIFE_MS = 15_000

/** The answer to one request, which becomes a stream when there is something to say before the result. */
export interface EventStream {
  readonly isOpen: boolean
  send(message: JsonObject): void
  /** The last message, as JSON text. */
  end(text: string): void
  /** The request is answered otherwise. */
  close(): void
}

/**
 * A call that takes long becomes a stream by itself, as its client and the proxies between would take
 * silence for the end. `progressToken` is how the client wants to hear that its call goes on.
 */
export function createEventStream(
  reply: FastifyReply,
  progressToken: RequestId | undefined,
): EventStream {
  let stream: PassThrough | undefined
  let progress = 0
  const takesStream = /\btext\/event-stream\b|\*\/\*/.test(reply.request.headers.accept ?? '')
  const timer = setInterval(live, SIGN_OF_LIFE_MS)
  timer.unref()
  const close = () => clearInterval(timer)

  function open(): PassThrough {
    if (stream) return stream
    stream = new PassThrough()
    reply.type('text/event-stream').header('cache-control', 'no-cache, no-transform')
    reply.header('x-accel-buffering', 'no').send(stream)
    stream.once('close', close)
    return stream
  }

  function live(): void {
    // Its client has gone, or reads no streams.
    if (reply.raw.destroyed || !takesStream) close()
    else if (progressToken === undefined) open().write(': under way\n\n')
    else {
      const params = { progressToken, progress: ++progress, message: 'Still under way.' }
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
      close()
      write(open(), text)
      stream?.end()
    },
    close,
  }
}

function write(stream: PassThrough, text: string): void {
  if (!stream.destroyed) stream.write(`event: message\ndata: ${text}\n\n`)
}

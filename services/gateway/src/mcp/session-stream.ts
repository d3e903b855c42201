import { PassThrough } from 'node:stream'
import { ServiceError } from '@executor/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { principalOf } from '../http/route.ts'
import type { Announcements } from './announcements.ts'

/** Milliseconds between two signs of life: proxies close what is silent for a minute. */
const SIGN_OF_LIFE_MS = 15_000
/** Streams of one instance; a client without one lists the tools when it likes. */
const STREAMS_MAX = 1_024
const CHANGED = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}'

/** The streams that clients of sessions keep open to be told of what nobody asked for. */
export interface SessionStreams {
  open(request: FastifyRequest, reply: FastifyReply): FastifyReply
  close(): void
}

export function createSessionStreams(announcements: Announcements): SessionStreams {
  const streams = new Set<PassThrough>()
  return {
    open(request, reply) {
      if (streams.size >= STREAMS_MAX) throw tooMany()
      const stream = new PassThrough()
      streams.add(stream)
      const timer = setInterval(() => stream.write(': waiting\n\n'), SIGN_OF_LIFE_MS).unref()
      const stop = announcements.follow(principalOf(request), () => {
        stream.write(`event: message\ndata: ${CHANGED}\n\n`)
      })
      stream.once('close', () => {
        clearInterval(timer)
        stop()
        streams.delete(stream)
      })
      reply.raw.once('close', () => stream.destroy())
      stream.write(': open\n\n')
      reply.type('text/event-stream').header('cache-control', 'no-cache, no-transform')
      return reply.header('x-accel-buffering', 'no').send(stream)
    },
    close() {
      for (const stream of streams) stream.end()
    },
  }
}

function tooMany(): ServiceError {
  return new ServiceError(
    'resource_exhausted',
    'streams_exhausted',
    `This instance keeps ${STREAMS_MAX} streams open, and cannot open another.`,
  )
}

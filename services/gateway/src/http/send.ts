import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

const JSON_TYPE = 'application/json; charset=utf-8'

/** JSON that a service wrote goes to the client as it is. */
export function sendText(reply: FastifyReply, json: string | Uint8Array): FastifyReply {
  return reply.type(JSON_TYPE).send(json)
}

/** JSON too long to hold at once. */
export function sendPieces(
  reply: FastifyReply,
  pieces: AsyncIterable<string | Uint8Array>,
): FastifyReply {
  return reply.type(JSON_TYPE).send(Readable.from(pieces))
}

/** `null` is an answer too, where Fastify would send nothing. */
export function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  return sendText(reply, JSON.stringify(value))
}

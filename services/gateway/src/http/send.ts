import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Characters of a text that is written at once. */
const CHARS_AT_ONCE = 128 * 1024

/** JSON that a service wrote goes to the client as it is; what is long, a part in each turn of the loop. */
export function sendText(reply: FastifyReply, json: string | Uint8Array): FastifyReply {
  if (typeof json !== 'string' || json.length <= CHARS_AT_ONCE) {
    return reply.type(JSON_TYPE).send(json)
  }
  return sendTexts(reply, [json])
}

/** A long JSON text in several, which would have to be copied to be one. */
export function sendTexts(reply: FastifyReply, texts: readonly string[]): FastifyReply {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  return sendPieces(reply.header('content-length', bytes), inTurns(texts))
}

/** A socket that takes all it is given would be given all of it in one turn. */
async function* inTurns(texts: readonly string[]): AsyncIterable<Buffer> {
  for (const text of texts) {
    for (let from = 0; from < text.length; ) {
      const to = endOfPiece(text, from)
      yield Buffer.from(text.slice(from, to))
      from = to
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

/** Never between the two halves of a surrogate pair, which have no bytes of their own. */
function endOfPiece(text: string, from: number): number {
  const to = Math.min(text.length, from + CHARS_AT_ONCE)
  const last = text.charCodeAt(to - 1)
  return to < text.length && last >= 0xd800 && last < 0xdc00 ? to - 1 : to
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

import type { FastifyReply } from 'fastify'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEventStream } from './event-stream.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A reply that keeps what it is sent. */
function aReply(accept = 'application/json, text/event-stream') {
  const sent: string[] = []
  const raw = { destroyed: false }
  const reply = {
    raw,
    request: { headers: { accept } },
    type: () => reply,
    header: () => reply,
    send(stream: NodeJS.ReadableStream) {
      stream.on('data', (chunk) => sent.push(String(chunk)))
      return reply
    },
  }
  return { reply: reply as unknown as FastifyReply, sent, raw }
}

describe('createEventStream', () => {
  it('says that a call goes on, however little there is to say', async () => {
    const { reply, sent } = aReply()
    const stream = createEventStream(reply, 'token')

    await vi.advanceTimersByTimeAsync(31_000)
    stream.end('{"result":1}')
    await vi.advanceTimersByTimeAsync(31_000)

    const messages = sent.map((text) => JSON.parse(text.replace(/^event: message\ndata: /, '')))
    const progressToken = 'token'
    expect(messages).toMatchObject([
      { method: 'notifications/progress', params: { progressToken, progress: 1 } },
      { method: 'notifications/progress', params: { progressToken, progress: 2 } },
      { result: 1 },
    ])
  })

  it('keeps the connection of a client awake that wants no progress', async () => {
    const { reply, sent } = aReply()
    createEventStream(reply, undefined)

    await vi.advanceTimersByTimeAsync(16_000)

    expect(sent).toEqual([': under way\n\n'])
  })

  it('is none for a call that is answered soon, or whose client is gone or reads none', async () => {
    const [soon, gone, plain] = [aReply(), aReply(), aReply('application/json')]
    const stream = createEventStream(soon.reply, 'token')
    createEventStream(gone.reply, 'token')
    createEventStream(plain.reply, 'token')

    stream.close()
    gone.raw.destroyed = true
    await vi.advanceTimersByTimeAsync(60_000)

    expect(stream.isOpen).toBe(false)
    expect([soon.sent, gone.sent, plain.sent]).toEqual([[], [], []])
  })
})

import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { createEgress } from '../src/index.ts'
import { startRawUpstream, startUpstream } from './upstream.ts'

const egress = createEgress({ allowLocalNetwork: 'loopback' })
afterAll(() => egress.close())

const OK = 'HTTP/1.1 200 OK\r\n'
/** Answers the first bytes of a request with exactly this. */
function raw(answer: string, end = false) {
  return startRawUpstream((socket) => {
    socket.once('data', () => (end ? socket.end(answer) : socket.write(answer)))
  })
}

describe('bounds', () => {
  it('cut off an upstream that never answers', async () => {
    await using upstream = await startRawUpstream(() => {})

    const request = egress.request({ url: upstream.origin, timeoutMs: 50 })

    await expect(request).rejects.toMatchObject({
      code: 'deadline_exceeded',
      reason: 'egress_timeout',
      details: { sent: true },
    })
  })

  it('cut off an upstream that is slow to begin', async () => {
    await using upstream = await startRawUpstream(() => {})

    const request = egress.request({ url: upstream.origin, headersTimeoutMs: 50 })

    await expect(request).rejects.toMatchObject({ reason: 'egress_timeout' })
  })

  it('cut off a body that drips', async () => {
    await using upstream = await startRawUpstream((socket) => {
      socket.once('data', () => {
        socket.write(`${OK}content-length: 1000\r\n\r\n`)
        const drip = setInterval(() => socket.write('.'), 5)
        socket.on('close', () => clearInterval(drip))
      })
    })

    const request = egress.request({ url: upstream.origin, bodyTimeoutMs: 80 })

    await expect(request).rejects.toMatchObject({
      reason: 'egress_timeout',
      message: expect.stringContaining('still sending'),
    })
  })

  it('cut off headers that drip', async () => {
    await using upstream = await startRawUpstream((socket) => {
      socket.once('data', () => {
        socket.write(OK)
        const drip = setInterval(() => socket.write('x: y\r\n'), 5)
        socket.on('close', () => clearInterval(drip))
      })
    })

    const request = egress.request({ url: upstream.origin, timeoutMs: 80 })

    await expect(request).rejects.toMatchObject({ reason: 'egress_timeout' })
  })

  it('refuse endless headers', async () => {
    await using upstream = await raw(`${OK}x-long: ${'y'.repeat(100_000)}\r\n\r\n`)

    const request = egress.request({ url: upstream.origin })

    await expect(request).rejects.toMatchObject({ reason: 'egress_too_large' })
  })

  it('refuse a body that announces too much before it is read', async () => {
    await using upstream = await raw(`${OK}content-length: 999999999999\r\n\r\n`)

    const request = egress.request({ url: upstream.origin, maxBytes: 1000 })

    await expect(request).rejects.toMatchObject({
      code: 'resource_exhausted',
      reason: 'egress_too_large',
    })
  })

  it('refuse a body that turns out to be too much', async () => {
    await using upstream = await startUpstream((_request, response) => {
      response.write('x'.repeat(600))
      response.end('x'.repeat(600))
    })

    const request = egress.request({ url: upstream.origin, maxBytes: 1000 })

    await expect(request).rejects.toMatchObject({ reason: 'egress_too_large' })
  })

  it('can keep the start of a body instead', async () => {
    await using upstream = await startUpstream((_request, response) => {
      response.setHeader('content-type', 'text/event-stream')
      response.write('x'.repeat(600))
      response.write('y'.repeat(600))
    })

    const byBytes = await egress.request({
      url: upstream.origin,
      bounds: () => ({ maxBytes: 1000, onBound: 'truncate' }),
    })
    const byTime = await egress.request({
      url: upstream.origin,
      bounds: () => ({ timeoutMs: 50, onBound: 'truncate' }),
    })

    expect(byBytes).toMatchObject({ truncated: 'bytes', body: { length: 1000 } })
    expect(byTime).toMatchObject({ truncated: 'time', body: { length: 1200 } })
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('decompress %s and refuse its bombs', async (coding, compress) => {
    const bomb = compress(Buffer.alloc(20_000_000))
    await using upstream = await startUpstream((request, response) => {
      response.setHeader('content-encoding', coding)
      response.end(request.url === '/bomb' ? bomb : compress(Buffer.from('{"small":true}')))
    })

    const small = await egress.request({ url: `${upstream.origin}/` })
    const large = egress.request({ url: `${upstream.origin}/bomb`, maxBytes: 1_000_000 })

    expect(small.body.toString()).toBe('{"small":true}')
    await expect(large).rejects.toMatchObject({ reason: 'egress_too_large' })
  })

  it('decompress stacked codings up to three', async () => {
    const twice = brotliCompressSync(gzipSync('text'))
    await using upstream = await startUpstream((request, response) => {
      response.setHeader('content-encoding', request.url === '/' ? 'gzip, br' : 'br,br,br,br')
      response.end(twice)
    })

    const response = await egress.request({ url: upstream.origin })
    const tooMany = egress.request({ url: `${upstream.origin}/many` })

    expect(response.body.toString()).toBe('text')
    await expect(tooMany).rejects.toMatchObject({ reason: 'egress_invalid_response' })
  })

  it('decompress what came of a stream that was cut', async () => {
    const packed = gzipSync('line\n'.repeat(5000), { level: 0 })
    await using upstream = await startUpstream((_request, response) => {
      response.setHeader('content-encoding', 'gzip')
      response.write(packed)
    })

    const response = await egress.request({
      url: upstream.origin,
      bounds: () => ({ maxBytes: 10_000, onBound: 'truncate' }),
    })

    expect(response.truncated).toBe('bytes')
    expect(response.body.toString()).toMatch(/^(line\n){1000}/)
  })

  it('keep only the start of what a compressed stream unpacks to', async () => {
    const packed = gzipSync('line\n'.repeat(5000))
    await using upstream = await startUpstream((_request, response) => {
      response.setHeader('content-encoding', 'gzip')
      response.end(packed)
    })

    const response = await egress.request({
      url: upstream.origin,
      bounds: () => ({ maxBytes: 1000, onBound: 'truncate' }),
    })

    expect(response).toMatchObject({ truncated: 'bytes', body: { length: 1000 } })
  })

  it.each([
    ['a shorter body than announced', `${OK}content-length: 50\r\n\r\nshort`, 'egress_failed'],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.6\r\n', 'egress_invalid_response'],
    ['half a header', 'HTTP/1.1 200 OK\r\ncontent-', 'egress_failed'],
    ['nothing', '', 'egress_failed'],
    ['an unfinished chunk', `${OK}transfer-encoding: chunked\r\n\r\nff\r\nabc`, 'egress_failed'],
    [
      'a wrong chunk length',
      `${OK}transfer-encoding: chunked\r\n\r\nzz\r\nabc`,
      'egress_invalid_response',
    ],
    [
      'both lengths',
      `${OK}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
      'egress_invalid_response',
    ],
    [
      'an unknown coding',
      `${OK}content-encoding: rot13\r\ncontent-length: 1\r\n\r\nx`,
      'egress_invalid_response',
    ],
    [
      'a lie about its coding',
      `${OK}content-encoding: gzip\r\ncontent-length: 4\r\n\r\nplain`,
      'egress_invalid_response',
    ],
  ])('end %s in a typed error', async (_name, answer, reason) => {
    await using upstream = await raw(answer, true)

    const request = egress.request({ url: upstream.origin, method: 'POST', body: 'x' })

    await expect(request).rejects.toMatchObject({ reason, details: { sent: true } })
  })

  it('do not take the length that HEAD announces for a body', async () => {
    await using upstream = await startUpstream((_request, response) =>
      response.setHeader('content-length', '99999999999').end(),
    )

    const response = await egress.request({ url: upstream.origin, method: 'HEAD' })

    expect(response).toMatchObject({ status: 200, body: { length: 0 } })
  })

  it('say that a server does not speak TLS', async () => {
    await using upstream = await startUpstream((_request, response) => response.end())

    const request = egress.request({ url: `https://127.0.0.1:${upstream.port}/` })

    await expect(request).rejects.toMatchObject({
      reason: 'egress_unreachable',
      message: expect.stringContaining('TLS'),
      details: { sent: false },
    })
  })

  it('say that a server refuses connections', async () => {
    const upstream = await startUpstream(() => {})
    await upstream[Symbol.asyncDispose]()

    const request = egress.request({ url: upstream.origin })

    await expect(request).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'egress_unreachable',
      details: { sent: false },
    })
  })

  it('let a caller give up, also in the queue for a connection', async () => {
    const narrow = createEgress({ allowLocalNetwork: 'loopback', connectionsPerOrigin: 1 })
    await using upstream = await startRawUpstream(() => {})
    const controller = new AbortController()
    const first = narrow.request({ url: upstream.origin, timeoutMs: 10_000 })
    const queued = narrow.request({ url: upstream.origin, signal: controller.signal })

    controller.abort()

    await expect(queued).rejects.toMatchObject({
      reason: 'egress_cancelled',
      details: { sent: false },
    })
    await Promise.all([
      expect(first).rejects.toMatchObject({ code: 'unavailable' }),
      narrow.close(),
    ])
  })

  it('answer a signal that was aborted before', async () => {
    const request = egress.request({ url: 'http://127.0.0.1:1/', signal: AbortSignal.abort() })

    await expect(request).rejects.toMatchObject({ reason: 'egress_cancelled' })
  })

  it('fail what is under way when the egress closes', async () => {
    const closing = createEgress({ allowLocalNetwork: 'loopback' })
    await using upstream = await startUpstream((_request, response) => response.end('x'))
    await closing.request({ url: upstream.origin })

    await closing.close()

    await expect(closing.request({ url: upstream.origin })).rejects.toMatchObject({
      reason: 'egress_closed',
    })
  })
})

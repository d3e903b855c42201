import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { afterAll, describe, expect, it } from 'vitest'
import { createEgress } from '../src/index.ts'
import { startRawUpstream, startUpstream } from './upstream.ts'

const egress = createEgress({ allowLocalNetwork: 'loopback', connectionsPerOrigin: 1 })
afterAll(() => egress.close())

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

/** Every connection answers once, then dies under the second request. */
function startDying() {
  return startRawUpstream((socket) => {
    socket.once('data', () => {
      socket.write(ANSWER)
      socket.once('data', () => socket.destroy())
    })
  })
}

describe('connections', () => {
  it('are kept and bounded per origin', async () => {
    await using upstream = await startRawUpstream((socket) => {
      socket.on('data', () => socket.write(ANSWER))
    })

    await Promise.all(Array.from({ length: 20 }, () => egress.request({ url: upstream.origin })))

    expect(upstream.connections()).toBe(1)
  })

  it('that die under a read are replaced once', async () => {
    await using upstream = await startDying()
    await egress.request({ url: upstream.origin })

    const response = await egress.request({ url: upstream.origin })

    expect(response.body.toString()).toBe('ok')
    expect(upstream.connections()).toBe(2)
  })

  it('that die under a write fail it, with the outcome open', async () => {
    await using upstream = await startDying()
    await egress.request({ url: upstream.origin, method: 'POST', body: 'a' })

    const second = egress.request({ url: upstream.origin, method: 'POST', body: 'b' })

    await expect(second).rejects.toMatchObject({ reason: 'egress_failed', details: { sent: true } })
    expect(upstream.connections()).toBe(1)
  })

  it('that die under a write the caller calls retryable are replaced', async () => {
    await using upstream = await startDying()
    await egress.request({ url: upstream.origin, method: 'PUT', body: 'a' })

    const response = await egress.request({
      url: upstream.origin,
      method: 'PUT',
      body: 'b',
      retryable: true,
    })

    expect(response.status).toBe(200)
  })

  it('that die under every read fail it', async () => {
    await using upstream = await startRawUpstream((socket) => {
      socket.once('data', () => socket.destroy())
    })

    const request = egress.request({ url: upstream.origin })

    await expect(request).rejects.toMatchObject({ reason: 'egress_failed' })
    expect(upstream.connections()).toBe(2)
  })

  it('carry a path byte for byte', async () => {
    await using upstream = await startUpstream((_request, response) => response.end())

    await egress.request({ url: { origin: upstream.origin, path: '/a/%2e%2e/b%20c?q=%7C|' } })

    expect(upstream.requests[0]?.path).toBe('/a/%2e%2e/b%20c?q=%7C|')
  })

  it('carry the trace', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    propagation.setGlobalPropagator(new W3CTraceContextPropagator())
    await using upstream = await startUpstream((_request, response) => response.end())
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const spanContext = { traceId, spanId: 'b7ad6b7169203331', traceFlags: 1 }

    await context.with(trace.setSpanContext(context.active(), spanContext), async () => {
      await egress.request({ url: upstream.origin })
      await egress.fetch(upstream.origin)
    })

    expect(upstream.requests.map(({ headers }) => headers.traceparent)).toEqual([
      expect.stringContaining(traceId),
      expect.stringContaining(traceId),
    ])
    context.disable()
    propagation.disable()
  })
})

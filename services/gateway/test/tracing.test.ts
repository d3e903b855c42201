import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Harness, startGateway } from './harness.ts'

const exporter = new InMemorySpanExporter()
let gateway: Harness

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  const spanProcessors = [new SimpleSpanProcessor({ exporter })]
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors }))
  gateway = await startGateway({ executor: { invoke: () => ({ json: '{"ok":true,"data":1}' }) } })
})
beforeEach(() => exporter.reset())
afterAll(async () => {
  await gateway.close()
  trace.disable()
  context.disable()
  propagation.disable()
})

const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`

describe('a call over MCP', () => {
  it('is of the trace that its client names in the message', async () => {
    const _meta = { traceparent }
    const params = { name: 'invoke', arguments: { path: 'a' }, _meta }

    await gateway.json('/mcp?mode=passthrough', {
      body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
      headers: { accept: 'application/json, text/event-stream' },
    })

    const call = exporter.getFinishedSpans().find(({ name }) => name === 'tools/call invoke')
    const beneath = exporter
      .getFinishedSpans()
      .find(({ parentSpanContext }) => parentSpanContext?.spanId === call?.spanContext().spanId)
    expect(call?.spanContext().traceId).toBe(traceId)
    expect(beneath?.name).toBe('executor.invoke')
  })
})

describe('a request', () => {
  it('is one span of the trace it came with, named by its route, with the bus beneath it', async () => {
    const { headers } = await gateway.json('/api/tools/invoke', {
      body: { address: 'a' },
      headers: { traceparent },
    })

    const spans = exporter.getFinishedSpans()
    const server = spans.find(({ name }) => name === 'POST /api/tools/invoke')
    const beneath = spans.find(
      ({ name, parentSpanContext }) =>
        name === 'executor.invoke' && parentSpanContext?.spanId === server?.spanContext().spanId,
    )
    expect(spans.every((span) => span.spanContext().traceId === traceId)).toBe(true)
    expect(server?.parentSpanContext?.spanId).toBe('b7ad6b7169203331')
    expect(server?.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.route': '/api/tools/invoke',
      'http.response.status_code': 200,
    })
    expect(beneath).toBeDefined()
    expect(headers.get('traceparent')).toBe(`00-${traceId}-${server?.spanContext().spanId}-01`)
  })

  it('that fails names its trace', async () => {
    const { body } = await gateway.json('/api/integrations/a', { headers: { traceparent } })

    expect(body).toMatchObject({ traceId })
  })

  it('without a trace begins one', async () => {
    const { headers } = await gateway.json('/api/session')

    expect(headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  })
})

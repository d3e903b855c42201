import { context, propagation, SpanKind, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  aPrincipal,
  aQueue,
  type BusFixture,
  catalog,
  catalogHandlers,
  createWorld,
  policy,
  toolsRefreshed,
  type World,
} from './fixture.ts'

const principal = aPrincipal()

export function tracingSuite(fixture: () => BusFixture): void {
  describe('tracing', () => {
    const exporter = new InMemorySpanExporter()
    let world: World
    beforeAll(() => {
      const provider = new TracerProvider({
        spanProcessors: [new SimpleSpanProcessor({ exporter })],
      })
      trace.setGlobalTracerProvider(provider)
      context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
      propagation.setGlobalPropagator(new W3CTraceContextPropagator())
    })
    afterAll(() => {
      trace.disable()
      context.disable()
      propagation.disable()
    })
    beforeEach(() => {
      world = createWorld(fixture())
      exporter.reset()
    })
    afterEach(() => world.close())

    /** Runs inside a span, as the edge does, and says which trace it was. */
    async function inSpan<T>(task: () => Promise<T>): Promise<string> {
      return trace.getTracer('test').startActiveSpan('edge', async (span) => {
        await task()
        span.end()
        return span.spanContext().traceId
      })
    }

    const activeTraceId = () => trace.getActiveSpan()?.spanContext().traceId

    it('makes one trace of a request and of what it asks for in turn', async () => {
      const middle = await world.connect('catalog')
      const last = await world.connect('policy')
      await last.serve(policy, { echo: (input) => input })
      const asker = await world.connect('executor')
      await middle.serve(
        catalog,
        catalogHandlers({
          act: async (input, { principal: asking }) => {
            await asker.request(policy.echo, input, { principal: asking })
            return input
          },
        }),
      )
      const client = await world.connect('gateway')

      const traceId = await inSpan(() => client.request(catalog.act, { text: '' }, { principal }))

      const spans = exporter.getFinishedSpans()
      const chain = spans.map(({ name, kind }) => `${name} ${SpanKind[kind]}`)
      expect(chain).toEqual([
        'policy.echo SERVER',
        'policy.echo CLIENT',
        'catalog.act SERVER',
        'catalog.act CLIENT',
        'edge INTERNAL',
      ])
      expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]))
      const parents = spans.map((span) => span.parentSpanContext?.spanId)
      expect(parents).toEqual([
        ...spans.slice(1).map((span) => span.spanContext().spanId),
        undefined,
      ])
    })

    it('marks the spans of a failure with its code', async () => {
      const client = await world.connect('gateway')

      await client.request(catalog.act, { text: '' }, { principal }).catch(() => null)

      const [span] = exporter.getFinishedSpans()
      expect(span?.attributes).toEqual({
        'error.type': 'unavailable',
        'error.reason': 'no_responders',
      })
    })

    it('goes on in events and jobs', async () => {
      const queue = aQueue()
      const publisher = await world.connect('executor')
      const catalogBus = await world.connect('catalog')
      const inEvent = Promise.withResolvers<string | undefined>()
      const inJob = Promise.withResolvers<string | undefined>()
      await publisher.subscribe(toolsRefreshed, () => inEvent.resolve(activeTraceId()))
      await publisher.work(queue, { concurrency: 1 }, async () => inJob.resolve(activeTraceId()))

      const traceId = await inSpan(async () => {
        catalogBus.publish(toolsRefreshed, { count: 1 })
        await publisher.enqueue(queue, { run: 'traced' }, { id: 'traced' })
      })

      expect(await inEvent.promise).toBe(traceId)
      expect(await inJob.promise).toBe(traceId)
    })
  })
}

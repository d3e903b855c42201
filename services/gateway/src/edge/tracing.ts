import { randomBytes } from 'node:crypto'
import {
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import type { FastifyRequest } from 'fastify'
import type { App } from '../http/route.ts'

/** One span for each request, named by its route; what a handler does happens within it. */
export function registerTracing(app: App): void {
  const tracer = trace.getTracer('executor-gateway')
  app.decorateRequest('span', null)
  app.decorateRequest('traceContext')

  app.addHook('onRequest', (request, reply, done) => {
    const { headers, method } = request
    const parent = headers.traceparent ? propagation.extract(ROOT_CONTEXT, headers) : ROOT_CONTEXT
    const route = request.routeOptions.url ?? 'unknown'
    const span = tracer.startSpan(
      `${method} ${route}`,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'http.route': route } },
      parent,
    )
    request.span = span
    request.traceContext = trace.setSpan(parent, span)
    const { traceId, spanId, traceFlags } = span.spanContext()
    if (isSpanContextValid(span.spanContext()))
      reply.header('traceparent', `00-${traceId}-${spanId}-0${traceFlags.toString(16)}`)
    done()
  })
  // The body arrives in events of their own, so the context is entered where the handler starts.
  app.addHook('preHandler', (request, _reply, done) => {
    context.with(request.traceContext, done)
  })
  app.addHook('onResponse', (request, reply, done) => {
    endSpan(request, reply.statusCode)
    done()
  })
  app.addHook('onRequestAbort', (request, done) => {
    endSpan(request, 499)
    done()
  })
}

function endSpan(request: FastifyRequest, status: number): void {
  const { span } = request
  if (!span) return
  request.span = null
  span.setAttribute('http.response.status_code', status)
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

/** The trace a person can give us; made up where tracing is off, so that the log still has one. */
export function traceIdOf(request: FastifyRequest): string {
  const spanContext = request.span?.spanContext()
  return spanContext && isSpanContextValid(spanContext)
    ? spanContext.traceId
    : randomBytes(16).toString('hex')
}

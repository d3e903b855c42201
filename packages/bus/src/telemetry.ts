import { isServiceError } from '@executor/contracts'
import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  metrics,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'

/** W3C trace context, as it travels: `traceparent`, `tracestate`, `baggage`. */
export type Carrier = Record<string, string>

const SCOPE = '@executor/bus'

/** A span that may not be there: without an SDK, or outside a trace, nothing is made or carried. */
export interface Trace {
  /** What the other side needs to go on with this trace. */
  carrier: Carrier | undefined
  /** Runs with the span as the active one. */
  run<T>(task: () => T): T
  end(error?: unknown): void
}

const untraced: Trace = { carrier: undefined, run: (task) => task(), end: () => {} }

/** Made once per bus, after the SDK is registered. */
export function createTelemetry() {
  const tracer = trace.getTracer(SCOPE)
  const duration = metrics.getMeter(SCOPE).createHistogram('bus.request.duration', {
    unit: 's',
    description: 'Time to answer a request, by subject and outcome, on the side that answers.',
  })

  function start(kind: SpanKind, subject: string, parent: Context): Trace {
    const above = trace.getSpanContext(parent)
    // Nobody sees the spans of a trace that is not sampled: its ids are all that travels on.
    if (above && isSpanContextValid(above) && (above.traceFlags & TraceFlags.SAMPLED) === 0)
      return passOn(parent, kind === SpanKind.CLIENT)
    const span = tracer.startSpan(subject, { kind }, parent)
    if (!isSpanContextValid(span.spanContext())) return untraced
    return toTrace(span, trace.setSpan(parent, span), kind === SpanKind.CLIENT)
  }

  return {
    startClient: (subject: string) => start(SpanKind.CLIENT, subject, context.active()),
    startServer: (subject: string, carrier: Carrier | undefined) =>
      start(SpanKind.SERVER, subject, toContext(carrier)),
    startConsumer: (subject: string, carrier: Carrier | undefined) =>
      start(SpanKind.CONSUMER, subject, toContext(carrier)),
    /** What travels with an event or a job: the trace it was sent in, without a span of its own. */
    carrier: (): Carrier | undefined => {
      const active = trace.getSpan(context.active())
      return active !== undefined && isSpanContextValid(active.spanContext())
        ? toCarrier(context.active())
        : undefined
    },
    runIn: <T>(carrier: Carrier | undefined, task: () => T): T =>
      carrier === undefined ? task() : context.with(toContext(carrier), task),
    recordAnswer: (subject: string, startedMs: number, code: string) =>
      duration.record((performance.now() - startedMs) / 1000, {
        'rpc.method': subject,
        'rpc.response.status_code': code,
      }),
  }
}
export type Telemetry = ReturnType<typeof createTelemetry>

function passOn(active: Context, isOutgoing: boolean): Trace {
  return {
    carrier: isOutgoing ? toCarrier(active) : undefined,
    run: (task) => context.with(active, task),
    end: () => {},
  }
}

function toTrace(span: Span, active: Context, isOutgoing: boolean): Trace {
  return {
    carrier: isOutgoing ? toCarrier(active) : undefined,
    run: (task) => context.with(active, task),
    end: (error) => {
      if (error !== undefined) setFailure(span, error)
      span.end()
    },
  }
}

function setFailure(span: Span, error: unknown): void {
  const failure: Attributes = isServiceError(error)
    ? { 'error.type': error.code, 'error.reason': error.reason }
    : { 'error.type': 'internal' }
  span.setAttributes(failure)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

function toCarrier(active: Context): Carrier {
  const carrier: Carrier = {}
  propagation.inject(active, carrier)
  return carrier
}

function toContext(carrier: Carrier | undefined): Context {
  return carrier === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, carrier)
}

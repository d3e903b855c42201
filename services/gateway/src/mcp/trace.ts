import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import { isObject, type JsonObject } from './messages.ts'

/**
 * Runs a call in the trace that its client names in `_meta`. The request that carried it may be of
 * another trace, of a proxy for instance, and is linked.
 */
export async function inClientTrace<T>(
  { _meta: meta }: JsonObject,
  tool: string,
  call: () => Promise<T>,
): Promise<T> {
  if (!isObject(meta) || typeof meta.traceparent !== 'string') return call()
  const carrier = trace.getActiveSpan()?.spanContext()
  const parent = propagation.extract(ROOT_CONTEXT, meta)
  const span = trace
    .getTracer('executor-gateway')
    .startSpan(
      `tools/call ${tool}`,
      { kind: SpanKind.SERVER, links: carrier ? [{ context: carrier }] : [] },
      parent,
    )
  try {
    return await context.with(trace.setSpan(parent, span), call)
  } finally {
    span.end()
  }
}

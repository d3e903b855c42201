import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'

export interface Telemetry {
  /** Sends what is buffered. */
  flush(): Promise<void>
}

/**
 * Makes trace ids for every request, and exports spans over OTLP where `endpoint` says so. Without
 * one nothing is sampled: ids still travel to logs, runs and upstreams, spans cost next to nothing.
 */
export async function startTelemetry(
  service: string,
  endpoint: string | undefined,
): Promise<Telemetry> {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  const provider = endpoint ? await exportingProvider(service, endpoint) : idleProvider()
  trace.setGlobalTracerProvider(provider)
  return { flush: () => provider.forceFlush() }
}

function idleProvider(): TracerProvider {
  return new TracerProvider({
    sampler: new ParentBasedSampler({
      root: new AlwaysOffSampler(),
      remoteParentSampled: new AlwaysOffSampler(),
    }),
  })
}

/** The exporter is loaded only where it is used: it costs memory and start time. */
async function exportingProvider(service: string, endpoint: string): Promise<TracerProvider> {
  const [{ OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
  return new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': `executor-${service}`,
      'service.namespace': 'executor',
    }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
  })
}

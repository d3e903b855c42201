import type { Bus } from '@executor/bus'
import { isServiceError } from '@executor/contracts'
import { z } from 'zod'
import { Port, processEnvironment, readConfig } from './config.ts'
import { serveHealth } from './health.ts'
import { createLifetime, type Lifetime } from './lifetime.ts'
import { createLog, type Log } from './log.ts'
import { tuneRuntime } from './runtime.ts'
import { startTelemetry } from './telemetry.ts'

/** Milliseconds after which a drain that hangs is ended by force. */
const DRAIN_MS_MAX = 25_000

export interface BootContext<C> extends Pick<Lifetime, 'own' | 'background'> {
  config: C
  bus: Bus
  log: Log
}

const environment = z.object({
  ...processEnvironment,
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
  EXECUTOR_HEALTH_PORT: Port.optional(),
})

/**
 * Runs one service as a process of the cluster form: configuration, telemetry, log, bus, `setup`;
 * then on SIGTERM the reverse. A bad environment ends the process with one readable line.
 */
export async function boot<S extends z.ZodObject>(
  service: string,
  schema: S,
  setup: (context: BootContext<z.output<S>>) => Promise<void>,
): Promise<void> {
  tuneRuntime()
  try {
    const common = readConfig(environment)
    const config = readConfig(schema)
    const telemetry = await startTelemetry(service, common.OTEL_EXPORTER_OTLP_ENDPOINT)
    const log = createLog(service, common.EXECUTOR_LOG_LEVEL)
    const lifetime = createLifetime(log)
    lifetime.own({ close: () => telemetry.flush() })
    // Only processes of the cluster form load the client of NATS.
    const { connectNatsBus } = await import('@executor/bus/nats')
    const bus = lifetime.own(
      await connectNatsBus({
        servers: common.NATS_URL,
        name: service,
        user: service,
        ...(common.NATS_PASSWORD === undefined ? {} : { password: common.NATS_PASSWORD }),
        onError: (error, fault) => log.error({ err: error, ...fault }, 'handler failed'),
      }),
    )
    endOnSignal(lifetime, log)
    await setup({ config, bus, log, own: lifetime.own, background: lifetime.background })
    if (common.EXECUTOR_HEALTH_PORT !== undefined) {
      lifetime.own(await serveHealth(common.EXECUTOR_HEALTH_PORT))
    }
    log.info({}, 'serving')
  } catch (error) {
    const message = isServiceError(error) ? error.message : String(error)
    process.stderr.write(`${service} cannot start: ${message}\n`)
    process.exit(1)
  }
}

/** The first signal drains; the loop then empties by itself, a timer being the last resort. */
function endOnSignal(lifetime: Lifetime, log: Log): void {
  let ending = false
  const end = (signal: string) => {
    if (ending) return
    ending = true
    log.info({ signal }, 'draining')
    setTimeout(() => process.exit(1), DRAIN_MS_MAX).unref()
    lifetime.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => end('SIGINT'))
}

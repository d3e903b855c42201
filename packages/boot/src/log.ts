import { trace } from '@opentelemetry/api'
import { pino } from 'pino'

/** Structured log lines: the message is a constant, variables are fields, the trace id comes along. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(bindings: Record<string, unknown>): Log
}

/**
 * Logs to standard error. Fields named like secrets are cut whatever their depth; code that logs
 * must not rely on that.
 */
export function createLog(service: string, level: string): Log {
  return pino(
    {
      level,
      base: { service },
      mixin: traceFields,
      redact: {
        paths: [
          'authorization',
          'cookie',
          'token',
          'password',
          'secret',
          'value',
          'values',
        ].flatMap((name) => [name, `*.${name}`]),
        censor: '[secret]',
      },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
    },
    pino.destination({ dest: 2, sync: true }),
  )
}

function traceFields(): object {
  const context = trace.getActiveSpan()?.spanContext()
  return context ? { traceId: context.traceId } : {}
}

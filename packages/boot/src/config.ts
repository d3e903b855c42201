import { ServiceError } from '@executor/contracts'
import { z } from 'zod'

/**
 * Reads the environment once, by a schema whose keys are variable names. Empty values count as
 * absent. Throws `invalid_argument` (`config_invalid`) with one readable line for each bad value.
 */
export function readConfig<S extends z.ZodObject>(
  schema: S,
  environment: NodeJS.ProcessEnv = process.env,
): z.output<S> {
  const given: Record<string, string> = {}
  for (const name of Object.keys(schema.shape)) {
    const value = environment[name]
    if (value !== undefined && value !== '') given[name] = value
  }
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new ServiceError('invalid_argument', 'config_invalid', lines.join('\n'))
}

/** `1 true yes on` and `0 false no off`, in any case. */
export const Flag = z
  .string()
  .transform((text) => text.toLowerCase())
  .refine((text) => /^(1|true|yes|on|0|false|no|off)$/.test(text), 'use true or false')
  .transform((text) => /^(1|true|yes|on)$/.test(text))

/** A TCP port; 0 lets the system choose. */
export const Port = z
  .string()
  .regex(/^\d{1,5}$/, 'a port is a number from 0 to 65535')
  .transform(Number)
  .refine((port) => port <= 65_535, 'a port is a number from 0 to 65535')

/** Which local addresses integrations may reach: `none`, `loopback` or `all`. */
export const LocalNetwork = z
  .string()
  .transform((text) => text.toLowerCase())
  .refine(
    (text) => /^(1|true|yes|on|0|false|no|off|all|none|loopback)$/.test(text),
    'use true, false or loopback',
  )
  .transform((text): 'none' | 'loopback' | 'all' => {
    if (text === 'loopback') return 'loopback'
    return /^(1|true|yes|on|all)$/.test(text) ? 'all' : 'none'
  })

/** Seconds; no integration is refreshed by itself more often. */
export const RefreshSecondsMin = z.coerce.number().int().min(1).max(86_400).default(300)

export const LogLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])

/** What every process of the cluster form is told. */
export const processEnvironment = {
  NATS_URL: z.string().default('nats://127.0.0.1:4222'),
  NATS_PASSWORD: z.string().optional(),
  EXECUTOR_LOG_LEVEL: LogLevel.default('info'),
}

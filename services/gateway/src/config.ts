import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Port } from '@executor/boot'
import { z } from 'zod'
import type { GatewayConfig } from './deps.ts'

const VERSION = '0.1.0'
/** Characters of a key that cannot be guessed. */
const KEY_CHARS_MIN = 16
const Key = z
  .string({ error: 'give a key; infra/setup makes them' })
  .min(KEY_CHARS_MIN, `use at least ${KEY_CHARS_MIN} characters`)
  .regex(/^[\x21-\x7e]+$/, 'use printable ASCII characters without spaces')

export const configSchema = z.object({
  PORT: Port.default(4788),
  EXECUTOR_HOST: z.string().default('127.0.0.1'),
  EXECUTOR_AUTH_TOKEN: Key,
  EXECUTOR_AGENT_TOKEN: Key,
  EXECUTOR_WEB_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'use an http:// or https:// URL' })
    .optional(),
  /** Host names, separated by commas, beside loopback and the one of EXECUTOR_WEB_BASE_URL. */
  EXECUTOR_ALLOWED_HOSTS: z.string().default(''),
  EXECUTOR_ELICITATION_MODE: z.enum(['browser', 'native', 'model']).default('browser'),
})

export function toGatewayConfig(config: z.output<typeof configSchema>): GatewayConfig {
  return {
    origin: config.EXECUTOR_WEB_BASE_URL,
    allowedHosts: config.EXECUTOR_ALLOWED_HOSTS.split(',')
      .map((host) => host.trim())
      .filter(Boolean),
    allowedOrigins: [],
    webRoot: findWebRoot(),
    version: VERSION,
    elicitationMode: config.EXECUTOR_ELICITATION_MODE,
  }
}

/** The console's build: beside the bundle, or in the source tree. */
function findWebRoot(): string | undefined {
  const here = import.meta.dirname
  return [join(here, '../../web/build'), join(here, '../../../web/build')].find((path) =>
    existsSync(path),
  )
}

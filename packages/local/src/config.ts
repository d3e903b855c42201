import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Flag, LocalNetwork, LogLevel, Port, RefreshSecondsMin, readConfig } from '@executor/boot'
import { serverEnvironment } from '@executor/executor'
import { z } from 'zod'

/** Characters of a bearer that cannot be guessed. */
const TOKEN_CHARS_MIN = 16
/** Where the daemon answers when nothing else is said. */
export const PORT_DEFAULT = 4788

const Token = z
  .string()
  .min(
    TOKEN_CHARS_MIN,
    `use at least ${TOKEN_CHARS_MIN} characters, or leave it out to have one made`,
  )
  .regex(/^[\x21-\x7e]+$/, 'use printable ASCII characters without spaces')

const Days = z.coerce.number().int().min(1).max(3650)

const environment = z.object({
  PORT: Port.default(PORT_DEFAULT),
  EXECUTOR_HOST: z.string().default('127.0.0.1'),
  EXECUTOR_DATA_DIR: z.string().optional(),
  EXECUTOR_AUTH_TOKEN: Token.optional(),
  EXECUTOR_AGENT_TOKEN: Token.optional(),
  EXECUTOR_WEB_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'use an http:// or https:// URL' })
    .optional(),
  EXECUTOR_SECRET_KEY: z.string().min(32, 'use at least 32 characters').optional(),
  EXECUTOR_SECRET_KEY_PREVIOUS: z.string().min(32, 'use at least 32 characters').optional(),
  EXECUTOR_ALLOW_LOCAL_NETWORK: LocalNetwork.default('loopback'),
  EXECUTOR_OAUTH_CLIENT_ID: z
    .url({ protocol: /^https$/, error: 'give the https:// URL of a client ID metadata document' })
    .optional(),
  EXECUTOR_ALLOW_STDIO_MCP: Flag.default(true),
  EXECUTOR_ELICITATION_MODE: z.enum(['browser', 'native', 'model']).default('browser'),
  EXECUTOR_ALLOWED_HOSTS: z.string().default(''),
  EXECUTOR_APPROVAL_DAYS: Days.default(30),
  EXECUTOR_RETENTION_DAYS: Days.default(30),
  EXECUTOR_REFRESH_SECONDS_MIN: RefreshSecondsMin,
  EXECUTOR_LOG_LEVEL: LogLevel.default('warn'),
  EXECUTOR_SUPERVISED: Flag.default(false),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
})

/** How one local instance is to run. */
export interface LocalConfig {
  /** 0 lets the system choose. */
  port: number
  host: string
  dataDir: string
  /** The owner's bearer; made and kept where it is not given. */
  authToken?: string | undefined
  /** The agents' bearer; made and kept where it is not given. */
  agentToken?: string | undefined
  webBaseUrl?: string | undefined
  secretKey?: string | undefined
  /** Decrypts what the key before encrypted. */
  previousSecretKey?: string | undefined
  allowLocalNetwork: 'none' | 'loopback' | 'all'
  /** A document elsewhere that stands for this instance at authorization servers. */
  oauthClientDocument?: string | undefined
  elicitationMode: 'browser' | 'native' | 'model'
  /** Names, beside loopback ones, that requests may be addressed to. */
  allowedHosts: string[]
  /** How long an approval stays open, and how long settled runs are kept. */
  approvalDays: number
  retentionDays: number
  /** Milliseconds; the closest that integrations may be refreshed by themselves. */
  refreshEveryMsMin: number
  logLevel: z.output<typeof LogLevel>
  otlpEndpoint?: string | undefined
  /** What MCP servers get of our environment when they are started; null where none may be. */
  stdioEnvironment: Record<string, string> | null
  /** `EXECUTOR_CREDENTIAL_…`: credentials that whoever runs the instance hands out. */
  credentialVariables: Record<string, string | undefined>
}

/**
 * The configuration that the environment asks for, with what overrides it. Throws `invalid_argument` (`config_invalid`) with
 * a readable line for each bad value.
 */
export function readLocalConfig(
  overrides: Record<string, string> = {},
  variables: NodeJS.ProcessEnv = process.env,
): LocalConfig {
  const read = readConfig(environment, { ...variables, ...overrides })
  return {
    port: read.PORT,
    host: read.EXECUTOR_HOST,
    dataDir: dataDirectory(read.EXECUTOR_DATA_DIR),
    authToken: read.EXECUTOR_AUTH_TOKEN,
    agentToken: read.EXECUTOR_AGENT_TOKEN,
    webBaseUrl: read.EXECUTOR_WEB_BASE_URL?.replace(/\/+$/, ''),
    secretKey: read.EXECUTOR_SECRET_KEY,
    previousSecretKey: read.EXECUTOR_SECRET_KEY_PREVIOUS,
    allowLocalNetwork: read.EXECUTOR_ALLOW_LOCAL_NETWORK,
    oauthClientDocument: read.EXECUTOR_OAUTH_CLIENT_ID,
    elicitationMode: read.EXECUTOR_ELICITATION_MODE,
    allowedHosts: read.EXECUTOR_ALLOWED_HOSTS.split(',')
      .map((name) => name.trim())
      .filter(Boolean),
    approvalDays: read.EXECUTOR_APPROVAL_DAYS,
    retentionDays: read.EXECUTOR_RETENTION_DAYS,
    refreshEveryMsMin: read.EXECUTOR_REFRESH_SECONDS_MIN * 1000,
    logLevel: read.EXECUTOR_LOG_LEVEL,
    otlpEndpoint: read.OTEL_EXPORTER_OTLP_ENDPOINT,
    stdioEnvironment: read.EXECUTOR_ALLOW_STDIO_MCP ? serverEnvironment(variables) : null,
    credentialVariables: Object.fromEntries(
      Object.entries(variables).filter(([name]) => name.startsWith('EXECUTOR_CREDENTIAL_')),
    ),
  }
}

/** Where a local instance keeps what it knows; `~/.executor` unless told otherwise. */
export function dataDirectory(given: string | undefined = process.env.EXECUTOR_DATA_DIR): string {
  return given ? resolve(given) : join(homedir(), '.executor')
}

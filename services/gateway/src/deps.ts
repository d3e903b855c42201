import type { Bus } from '@executor/bus'
import type { Authenticator } from './auth/authenticator.ts'

export interface GatewayConfig {
  /** How people reach this instance, `https://executor.example.com`; absent where loopback is all. */
  origin?: string | undefined
  /** Host names answered besides loopback and `origin`; `*` answers every name. */
  allowedHosts: readonly string[]
  /** Pages of other origins that may use this one: the console's development server, for one. */
  allowedOrigins: readonly string[]
  /** The console's static build; absent or empty where it was not built. */
  webRoot?: string | undefined
  version: string
  /** Who may answer what waits: people alone, or the agent's model too. */
  elicitationMode?: 'browser' | 'native' | 'model' | undefined
  /** Requests of one principal in a minute; the default is far above what agents do. */
  requestsPerMinute?: number | undefined
}

/** Structured log lines: the message is a constant, variables are fields. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface GatewayDeps {
  bus: Bus
  auth: Authenticator
  config: GatewayConfig
  log: Log
}

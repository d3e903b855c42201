import { Flag, LocalNetwork } from '@executor/boot'
import { z } from 'zod'
import { serverEnvironment } from './protocols/mcp/stdio/environment.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const Days = z.coerce.number().int().min(1).max(3650)

export const configSchema = z.object({
  /** A SQLite file belongs to one process, and only the local form sees to that. */
  DATABASE_URL: z
    .string({ error: 'give the URL of the database' })
    .regex(/^postgres(ql)?:\/\//, 'give a postgresql:// URL'),
  EXECUTOR_ALLOW_LOCAL_NETWORK: LocalNetwork.default('none'),
  EXECUTOR_WEB_BASE_URL: z.string().default('http://localhost:4788'),
  EXECUTOR_ELICITATION_MODE: z.enum(['browser', 'native', 'model']).default('browser'),
  /** How long an approval stays open, and how long settled runs are kept. */
  EXECUTOR_APPROVAL_DAYS: Days.default(30),
  EXECUTOR_RETENTION_DAYS: Days.default(30),
  /** Whether MCP servers may be started as processes of this container. */
  EXECUTOR_ALLOW_STDIO_MCP: Flag.default(false),
  EXECUTOR_SANDBOX_THREADS: z.coerce.number().int().min(1).max(64).default(2),
})

export function toMilliseconds(days: number): number {
  return days * DAY_MS
}

/** What MCP servers get of our environment; null where none may be started. */
export function toStdioEnvironment(isAllowed: boolean): Record<string, string> | null {
  return isAllowed ? serverEnvironment(process.env) : null
}

import { type IntegrationSettings, ServiceError } from '@executor/contracts'
import { configOf } from './plan.ts'

/** Servers are programs: where others than its user reach an instance, it starts none. */
export function assertStdioAllowed(
  settings: IntegrationSettings,
  environment: object | null,
): void {
  if (environment !== null || configOf(settings).transport !== 'stdio') return
  throw new ServiceError(
    'failed_precondition',
    'mcp_stdio_disabled',
    'This instance starts no MCP servers. Reach the server over HTTP, or let whoever runs the instance set EXECUTOR_ALLOW_STDIO_MCP=true.',
    { details: { sent: false } },
  )
}

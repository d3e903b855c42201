import { type HealthCheckResult, isServiceError } from '@executor/contracts'
import type { Access } from '../protocol.ts'
import { askServer } from './ask.ts'
import type { Pool } from './pool.ts'

/** Milliseconds; whoever waits for it has 50 s. */
const CHECK_MS = 45_000

/** Whether the server lets the credential in and lists what it offers. */
export async function checkServer(
  pool: Pool,
  environment: object | null,
  access: Access,
): Promise<HealthCheckResult> {
  const checkedAt = Date.now()
  try {
    const asked = await askServer(pool, environment, access, {
      timeoutMs: CHECK_MS,
      ask: async ({ client }, signal) => {
        const { tools } = client.getServerCapabilities() ?? {}
        if (tools) await client.request({ method: 'tools/list' }, { signal })
      },
    })
    if ('told' in asked) return { status: 'healthy', checkedAt }
    const { status: httpStatus } = asked.refusal
    const detail = 'The server does not accept the credential.'
    return { status: 'expired', httpStatus, checkedAt, detail }
  } catch (error) {
    if (!isServiceError(error) || access.signal.aborted) throw error
    return { status: 'degraded', checkedAt, detail: error.message }
  }
}

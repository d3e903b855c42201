import { isServiceError, ServiceError } from '@executor/contracts'
import { createMask } from '../mask.ts'
import type { Access } from '../protocol.ts'
import { ConnectFailure, type Session } from './connect.ts'
import { renderMcpCredential } from './credential.ts'
import { createExchange, type Refusal, withExchange } from './exchange.ts'
import { toFailure } from './failure.ts'
import { isLostSession } from './lost-session.ts'
import type { Lease, Pool } from './pool.ts'
import { assertStdioAllowed } from './stdio-allowed.ts'

/** What came of asking a server for something of its own. */
export type Asked<T> = { told: T } | { refusal: Refusal }

/** What it is asked, and how long it may take, the way to it included. */
export interface Question<T> {
  timeoutMs: number
  ask(session: Session, signal: AbortSignal): Promise<T>
}

/** Asks a server as one of its accounts, or as a stranger. Throws `ServiceError`, with no secret in it. */
export async function askServer<T>(
  pool: Pool,
  environment: object | null,
  given: Access,
  { timeoutMs, ask }: Question<T>,
): Promise<Asked<T>> {
  assertStdioAllowed(given.settings, environment)
  const limit = AbortSignal.timeout(timeoutMs)
  const access = { ...given, signal: AbortSignal.any([given.signal, limit]) }
  const rendering = renderMcpCredential(access)
  if (!('credential' in rendering)) throw incomplete()
  const { credential } = rendering
  for (let isSecond = false; ; isSecond = true) {
    const exchange = createExchange(credential)
    let lease: Lease | undefined
    try {
      lease = await pool.lease(access, credential, 'look')
      const { session } = lease
      return { told: await withExchange(exchange, () => ask(session, access.signal)) }
    } catch (error) {
      const session = lease ? { session: lease.session } : {}
      const failed = { access, error, exchange, mayRepeat: true, isTool: false, ...session }
      if (lease && isLostSession(failed)) {
        lease.drop()
        if (!isSecond && !lease.isFresh && !access.signal.aborted) continue
      }
      const refusal = refusalOf(error instanceof ConnectFailure ? error.exchange : exchange)
      if (refusal) return { refusal }
      if (limit.aborted && !given.signal.aborted) throw tooSlow(timeoutMs, error)
      throw toServiceError(toFailure(failed).error, createMask(credential.secrets).json, error)
    } finally {
      lease?.release()
    }
  }
}

function refusalOf({ refusal }: { refusal?: Refusal }): Refusal | null {
  return refusal && (refusal.status === 401 || refusal.status === 403) ? refusal : null
}

function toServiceError(
  failure: ReturnType<typeof toFailure>['error'],
  mask: (json: string) => string,
  cause: unknown,
): ServiceError {
  const { code, message, details, retryAfterMs } = JSON.parse(mask(JSON.stringify(failure)))
  const known = isServiceError(cause) ? cause.code : undefined
  const status = code === 'cancelled' ? 'cancelled' : (known ?? 'failed_precondition')
  return new ServiceError(status, code, message, {
    cause,
    details: { ...details, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  })
}

function tooSlow(timeoutMs: number, cause: unknown): ServiceError {
  const message = `The server did not answer within ${timeoutMs / 1000} s.`
  return new ServiceError('deadline_exceeded', 'mcp_connection_failed', message, { cause })
}

function incomplete(): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'connection_value_missing',
    'The credential of this connection is not whole; enter it again.',
  )
}

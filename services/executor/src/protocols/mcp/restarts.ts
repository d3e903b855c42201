import { ServiceError } from '@executor/contracts'
import { ConnectFailure } from './connect.ts'

/** Milliseconds before a server that ended twice is started again, doubled each time. */
const WAIT_MS = 1_000
const WAIT_MS_MAX = 60_000
/** Milliseconds a server runs before it counts as one that works. */
const STABLE_MS = 60_000
const SERVERS_MAX = 1_000

interface Record {
  count: number
  startAt: number
}

/** Keeps servers that end at once from being started in a circle. */
export interface Restarts {
  /** Throws `mcp_connection_failed` while it is too early. */
  assertAllowed(key: string): void
  ended(key: string, livedMs: number): void
  failed(key: string, error: unknown): void
}

export function createRestarts(now: () => number = Date.now): Restarts {
  const records = new Map<string, Record>()

  function note(key: string, livedMs: number): void {
    const before = livedMs < STABLE_MS ? (records.get(key)?.count ?? 0) : 0
    const count = before + 1
    // Once may be bad luck, and whoever calls next should not suffer from it.
    const waitMs = count === 1 ? 0 : Math.min(WAIT_MS * 2 ** (count - 2), WAIT_MS_MAX)
    records.delete(key)
    records.set(key, { count, startAt: now() + waitMs })
    const [oldest] = records.size > SERVERS_MAX ? records.keys() : []
    if (oldest !== undefined) records.delete(oldest)
  }

  return {
    assertAllowed(key) {
      const record = records.get(key)
      const waitMs = (record?.startAt ?? 0) - now()
      if (record && waitMs > 0) throw tooEarly(record.count, waitMs)
    },
    ended: note,
    failed(key, error) {
      if (error instanceof ConnectFailure && error.ending) note(key, 0)
    },
  }
}

function tooEarly(count: number, waitMs: number): ServiceError {
  const seconds = Math.ceil(waitMs / 1000)
  return new ServiceError(
    'unavailable',
    'mcp_connection_failed',
    `The server ended ${count} times in a row. It is started again in ${seconds} s; check its command and its log until then.`,
    { details: { sent: false, retryAfterMs: waitMs } },
  )
}

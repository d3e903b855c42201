import type { Failed } from './failure.ts'

/** How servers say, beside 404, that they know nothing of a session; they have then done nothing. */
const UNKNOWN_SESSION = /session/i

/** Whether a request failed because its session is gone, so that another may do better. */
export function isLostSession({ session, exchange }: Failed): boolean {
  if (!session) return false
  if (session.isClosed) return true
  const { refusal, failure } = exchange
  if (refusal?.status === 404) return true
  if (refusal?.status === 400) return UNKNOWN_SESSION.test(refusal.text)
  return failure?.reason === 'egress_failed' || failure?.reason === 'egress_unreachable'
}

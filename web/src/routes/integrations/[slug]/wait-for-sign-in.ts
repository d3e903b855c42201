import type { Connection, OauthOutcome } from '@executor/contracts'
import { api, type SignIn } from '#lib/api.ts'
import { ApiFailure } from '#lib/request.ts'
import { hearOutcomes } from './sign-in-window.ts'

/** Milliseconds until it is asked again what came of it, after the instance did not answer. */
const AGAIN_MS = 2_000
/** As long as a person has to sign in. */
const WAIT_MS = 15 * 60_000

/**
 * The account that a sign-in ends in. Its window tells, where browsers let it; the instance tells in any
 * case.
 */
export async function waitForSignIn(
  target: SignIn,
  state: string,
  signal: AbortSignal,
): Promise<Connection> {
  const heard = Promise.withResolvers<OauthOutcome>()
  const stop = hearOutcomes((outcome) => {
    // Another sign-in may end at the same time; a failure does not say whose it is.
    if (outcome.status === 'connected' && outcome.connection.integration === target.integration)
      askNow()
  })
  let askNow = () => {}
  const until = Date.now() + WAIT_MS
  const ask = async () => {
    while (!signal.aborted && Date.now() < until) {
      const early = new Promise<void>((resolve) => {
        askNow = resolve
      })
      try {
        const outcome = await api.awaitSignIn(state)
        if (outcome.status !== 'pending') return heard.resolve(outcome)
      } catch (error) {
        if (error instanceof ApiFailure && error.status === 404) return heard.reject(error)
        const later = new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
        await Promise.race([early, later])
      }
    }
    heard.reject(new ApiFailure(0, { message: 'Nobody signed in. Begin again.' }))
  }
  void ask()
  signal.addEventListener('abort', () => heard.reject(new ApiFailure(0, { message: '' })))
  try {
    const outcome = await heard.promise
    if (outcome.status === 'connected') return await api.connection(outcome.connection)
    const { message, reason } = outcome as OauthOutcome & { status: 'failed' }
    throw new ApiFailure(400, { message, reason })
  } finally {
    stop()
  }
}

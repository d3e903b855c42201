import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import { toWritablePartition } from '../access.ts'
import type { HandlerDeps } from '../deps.ts'
import { removeClientSecret } from '../oauth/client-secret.ts'
import { getOauthClient } from '../oauth/find-client.ts'

/** Accounts that were signed in with it stay, and work until their tokens end. */
export function removeOauthClient(
  deps: HandlerDeps,
): Handler<typeof connections.removeOauthClient> {
  return async (input, { principal }) => {
    toWritablePartition(principal, input.owner)
    const client = await getOauthClient(deps, principal, input)
    const removed = await deps.store.removeOauthClient(client.id)
    if (removed) await removeClientSecret(deps.providers, client)
    return { removed }
  }
}

import { isServiceError } from '@executor/contracts'
import type { ConnectionRow } from '../connection.ts'
import { toItem } from '../credentials.ts'
import type { HandlerDeps } from '../deps.ts'
import { openClientSecret } from './client-secret.ts'
import { removeIfUnused } from './collect-clients.ts'
import { clientOf } from './find-client.ts'
import { createOutbound, within } from './outbound.ts'
import { revoke } from './revoke.ts'

/** Milliseconds that somebody who removes an account waits for the other side to hear of it. */
const REVOKE_MS = 5_000

/** What a connection that is gone leaves behind elsewhere: its tokens, and an app for it alone. */
export async function endSignIn(
  deps: HandlerDeps,
  row: ConnectionRow,
  signal: AbortSignal = within(REVOKE_MS),
): Promise<void> {
  const client = await clientOf(deps, row)
  if (!client) return
  try {
    const id = row.refreshItemId ?? Object.values(row.itemIds)[0] ?? ''
    const token = await deps.providers.find(row.provider)?.get(toItem(row, id))
    const secret = await openClientSecret(deps.providers, client)
    const hint = row.refreshItemId === null ? 'access_token' : 'refresh_token'
    const fetch = createOutbound(deps.egress, signal)
    if (token) await revoke(fetch, { client, secret }, { token, hint })
  } catch (error) {
    if (!isServiceError(error)) throw error
    // The account is removed all the same: its server may be gone, or know the token no longer.
    deps.log.warn({ reason: error.reason, client: client.slug }, 'token not revoked')
  }
  await removeIfUnused(deps, client)
}

export function withinRevocation(): AbortSignal {
  return within(REVOKE_MS)
}

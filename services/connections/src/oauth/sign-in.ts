import type { OauthClientAuth } from '@executor/contracts'
import type { ConnectionKey, ConnectionRow } from '../connection.ts'
import type { HandlerDeps } from '../deps.ts'
import { saveConnection } from '../save-connection.ts'
import type { OauthClientRow } from './client.ts'
import type { KnownServer } from './known-server.ts'
import { lacking, parseScope } from './scopes.ts'
import type { TokenAnswer } from './tokens.ts'

export interface SignedIn extends ConnectionKey {
  template: string
  identityLabel: string | null
  description: string | null
  /** What was asked for. */
  scopes: readonly string[]
  resource: string | null
  /** Where tokens come from, where that is not the client's own URL. */
  tokenUrl: string | null
  server: Pick<KnownServer, 'issuer' | 'revocationUrl'>
}

/** Makes a connection of the tokens that somebody, or a program by itself, was given. */
export async function saveSignIn(
  deps: HandlerDeps,
  client: OauthClientRow,
  { tokens, authMethod }: TokenAnswer,
  signedIn: SignedIn,
): Promise<ConnectionRow> {
  const { scopes, resource, tokenUrl, server, identityLabel, description, ...key } = signedIn
  await learn(deps, client, authMethod, server)
  // A server that does not say otherwise granted what it was asked for (RFC 6749, 5.1).
  const scope = tokens.scope ?? (scopes.length > 0 ? scopes.join(' ') : null)
  return saveConnection(deps, {
    ...key,
    identityLabel: identityLabel ?? tokens.label ?? undefined,
    description: description ?? undefined,
    values: {
      kind: 'tokens',
      access: tokens.accessToken,
      refresh: tokens.refreshToken,
      signIn: {
        client: client.slug,
        clientOwner: client.owner,
        expiresAt: tokens.expiresAt,
        scope,
        missingScopes: lacking(scopes, parseScope(scope)),
        tokenUrl,
        resource,
      },
    },
  })
}

async function learn(
  { store }: HandlerDeps,
  client: OauthClientRow,
  authMethod: OauthClientAuth,
  { issuer, revocationUrl }: SignedIn['server'],
): Promise<void> {
  const learned = {
    ...(client.authMethod === 'auto' ? { authMethod } : {}),
    ...(client.revocationUrl === null && revocationUrl !== undefined ? { revocationUrl } : {}),
    ...(client.issuer === null && issuer !== null ? { issuer } : {}),
  }
  if (Object.keys(learned).length > 0) await store.learnOauthClient(client.id, learned)
}

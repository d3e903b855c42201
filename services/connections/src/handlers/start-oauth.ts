import type { Handler } from '@executor/bus'
import {
  type AuthMethod,
  type connections,
  type ParsedInput,
  type Principal,
  Secret,
  ServiceError,
} from '@executor/contracts'
import * as oauth from 'oauth4webapi'
import { toPartition, toWritablePartition } from '../access.ts'
import { getIntegrationMethod } from '../auth-method.ts'
import type { ConnectionKey } from '../connection.ts'
import { connectionIdentifier } from '../connection-name.ts'
import { toItem } from '../credentials.ts'
import type { HandlerDeps } from '../deps.ts'
import { formatSessionItemId } from '../item-id.ts'
import { toAuthorizationUrl } from '../oauth/authorization-url.ts'
import { chooseClient, clientRequired } from '../oauth/choose-client.ts'
import type { OauthClientRow } from '../oauth/client.ts'
import { openClientSecret } from '../oauth/client-secret.ts'
import { removeIfUnused } from '../oauth/collect-clients.ts'
import { assertEndpointUrl, assertRedirectUri } from '../oauth/endpoint-url.ts'
import { assertBelongsTo, getOauthClient } from '../oauth/find-client.ts'
import { findServer } from '../oauth/find-server.ts'
import type { KnownServer } from '../oauth/known-server.ts'
import { createOutbound, TOKEN_MS, within } from '../oauth/outbound.ts'
import { parseScope, unite } from '../oauth/scopes.ts'
import { readServer } from '../oauth/server-metadata.ts'
import { createState, hashState, SESSION_MS } from '../oauth/session.ts'
import { type SignedIn, saveSignIn } from '../oauth/sign-in.ts'
import { requestTokens } from '../oauth/tokens.ts'

type Given = ParsedInput<typeof connections.startOauth>
/** Sign-ins that are over and are removed with each that begins. */
const EXPIRED_MAX = 50

export function startOauth(deps: HandlerDeps): Handler<typeof connections.startOauth> {
  return async (input, { principal, signal }) => {
    const partition = toWritablePartition(principal, input.owner)
    assertRedirectUri(input.redirectUri)
    const options = { principal, signal }
    const { integration, method } = await getIntegrationMethod(deps, input, options)
    if (method.kind !== 'oauth2') throw notOauth(method.slug)
    const target = {
      ...partition,
      integration: input.integration,
      name: connectionIdentifier(input.name),
      template: input.template,
      identityLabel: input.identityLabel ?? null,
      description: input.description ?? null,
    }
    const found = await findServer(deps, integration, method, signal)
    const scopes = await scopesFor(deps, target, method.oauth?.scopes ?? found?.scopes ?? [])
    const named = input.client
      ? await getOauthClient(deps, principal, {
          owner: input.clientOwner ?? input.owner,
          slug: input.client,
        })
      : found
        ? null
        : await registeredFor(deps, principal, method.oauth)
    const server = found?.server ?? (await serverOf(deps, named, signal))
    const asked = {
      server,
      resource: found?.resource ?? method.oauth?.resource ?? null,
      redirectUri: input.redirectUri,
      // Registered for some scopes, we could not ask for others later.
      scopes: [],
      integration: input.integration,
    }
    if (named) assertBelongsTo(named, server)
    const client =
      named ?? (await chooseClient(deps, toPartition(principal, input.owner), asked, signal))
    const resource = asked.resource ?? client.resource
    const signedIn = { ...target, scopes, resource, tokenUrl: null }
    if (client.grant === 'client_credentials')
      return connectByItself(deps, { client, server, signedIn }, signal)
    return begin(deps, input, { client, server, signedIn, startedBy: principal.subject })
  }
}

/** An app that somebody registered for the addresses of a description, one's own first. */
async function registeredFor(
  { store }: HandlerDeps,
  { tenant, subject }: Principal,
  described: AuthMethod['oauth'],
): Promise<OauthClientRow> {
  const clients = await store.listOauthClients(tenant, subject)
  const fitting = clients.filter(({ tokenUrl }) => tokenUrl === described?.tokenUrl)
  const found = fitting.find(({ owner }) => owner === 'user') ?? fitting[0]
  if (found) return found
  throw clientRequired(described)
}

/** What the method asks for, and what the account has and lacks: a consent replaces the one before. */
async function scopesFor(
  { store }: HandlerDeps,
  target: ConnectionKey,
  asked: readonly string[],
): Promise<string[]> {
  const before = await store.findConnection(target)
  if (!before || before.missingScopes.length === 0) return [...asked]
  return unite(asked, parseScope(before.oauthScope), before.missingScopes)
}

/** What a client's own server says of itself; the client's addresses where it says nothing. */
async function serverOf(
  { egress, allowLocalNetwork: access }: HandlerDeps,
  client: OauthClientRow | null,
  signal: AbortSignal,
): Promise<KnownServer> {
  if (!client) throw clientRequired()
  const { issuer, authorizationUrl, tokenUrl } = client
  const told =
    issuer === null
      ? null
      : await readServer(createOutbound(egress, within(TOKEN_MS, signal)), issuer, access)
  return told ?? { issuer, authorizationUrl, tokenUrl }
}

interface Ready {
  client: OauthClientRow
  server: KnownServer
  signedIn: Omit<SignedIn, 'server'>
}

async function connectByItself(
  deps: HandlerDeps,
  { client, server, signedIn }: Ready,
  signal: AbortSignal,
) {
  const { scopes, resource } = signedIn
  const answer = await requestTokens(
    {
      client: { ...client, issuer: client.issuer ?? server.issuer },
      secret: await openClientSecret(deps.providers, client),
      authMethods: server.authMethods,
      tokenUrl: client.tokenUrl,
      fetch: createOutbound(deps.egress, within(TOKEN_MS, signal)),
      clock: deps.clock,
    },
    { grant: 'client_credentials', scopes, resource },
  )
  const { owner, integration, name } = await saveSignIn(deps, client, answer, {
    ...signedIn,
    server,
  })
  return { status: 'connected' as const, connection: { owner, integration, name } }
}

async function begin(
  deps: HandlerDeps,
  { redirectUri }: Given,
  { client, server, signedIn, startedBy }: Ready & { startedBy: string },
) {
  const { store, providers, clock, newId, allowLocalNetwork } = deps
  assertEndpointUrl(server.authorizationUrl, 'authorization URL', allowLocalNetwork)
  const id = newId()
  const state = createState()
  const verifier = oauth.generateRandomCodeVerifier()
  const verifierItemId = formatSessionItemId(id)
  const { scopes: wanted, resource, tokenUrl: _, ...target } = signedIn
  const scopes = withRefresh(wanted, server)
  await removeExpired()
  await providers.store.set(toItem(target, verifierItemId), new Secret(verifier))
  await store.insertOauthSession({
    ...target,
    id,
    stateHash: hashState(state),
    startedBy,
    clientId: client.id,
    redirectUri,
    provider: providers.store.key,
    verifierItemId,
    scope: scopes.length > 0 ? scopes.join(' ') : null,
    resource,
    server,
    status: 'pending',
    failureReason: null,
    failureMessage: null,
    createdAt: clock(),
    expiresAt: clock() + SESSION_MS,
  })
  const authorizationUrl = toAuthorizationUrl(server, {
    clientId: client.clientId,
    redirectUri,
    state,
    challenge: await oauth.calculatePKCECodeChallenge(verifier),
    scopes,
    resource,
  })
  return { status: 'redirect' as const, authorizationUrl, state }

  async function removeExpired(): Promise<void> {
    const expired = await store.takeExpiredOauthSessions(clock(), EXPIRED_MAX)
    if (expired.length === 0) return
    await providers.store.remove(expired.map((row) => toItem(row, row.verifierItemId)))
    for (const { clientId } of expired)
      if (clientId !== client.id)
        await removeIfUnused(deps, await store.findOauthClientById(clientId))
  }
}

/** Where a server gives refresh tokens only to who asks for them, it says so. */
function withRefresh(scopes: readonly string[], server: KnownServer): string[] {
  return server.scopes?.includes('offline_access') ? unite(scopes, ['offline_access']) : [...scopes]
}

function notOauth(slug: string): ServiceError {
  return new ServiceError(
    'invalid_argument',
    'oauth_method_required',
    `Nobody signs in with the method "${slug.slice(0, 128)}": give its credential instead.`,
  )
}

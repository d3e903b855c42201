import { isServiceError, type Secret, ServiceError } from '@executor/contracts'
import * as oauth from 'oauth4webapi'
import type { ConnectionRow } from '../connection.ts'
import { toItem } from '../credentials.ts'
import type { HandlerDeps } from '../deps.ts'
import { isSelfRegistered, type OauthClientRow } from './client.ts'
import { openClientSecret, removeClientSecret } from './client-secret.ts'
import { removeIfUnused } from './collect-clients.ts'
import { createOutbound, TOKEN_MS, within } from './outbound.ts'
import { refusalOf, refused } from './refusal.ts'
import { regionalTokenUrl } from './regional.ts'
import { parseScope } from './scopes.ts'
import { hashState, type OauthSessionRow, OUTCOME_MS } from './session.ts'
import { saveSignIn } from './sign-in.ts'
import { requestTokens } from './tokens.ts'

/** What came back through the browser. */
export interface Returned {
  state: string
  code?: string | undefined
  error?: string | undefined
  iss?: string | undefined
  callbackDomain?: string | undefined
}

export interface Visitor {
  tenant: string
  subject: string
}

/** The sign-in that a state belongs to. Nobody but who began it finds it. */
export async function findSession(
  { store }: Pick<HandlerDeps, 'store'>,
  state: string,
  visitor: Visitor | null,
): Promise<OauthSessionRow> {
  const found = await store.findOauthSession(hashState(state))
  const isTheirs =
    visitor === null || (found?.tenant === visitor.tenant && found.startedBy === visitor.subject)
  if (found && isTheirs) return found
  throw unknownSession()
}

/**
 * Exchanges what came back for tokens, once: also when whoever brought it is gone meanwhile, since a code
 * is good for one exchange. Whatever comes of it is kept for who waits for it.
 */
export async function completeSession(
  deps: HandlerDeps,
  session: OauthSessionRow,
  returned: Returned,
): Promise<ConnectionRow> {
  const { store, clock } = deps
  const isOpen = session.status === 'pending' && session.expiresAt > clock()
  if (!isOpen || !(await store.takeOauthSession(session.id))) throw unknownSession()
  const client = await store.findOauthClientById(session.clientId)
  try {
    if (!client) throw clientGone()
    const connection = await exchange(deps, session, client, returned)
    await store.endOauthSession(session.id, { status: 'connected' }, clock() + OUTCOME_MS)
    return connection
  } catch (error) {
    const { reason, message } = isServiceError(error) ? error : UNEXPECTED
    const end = { status: 'failed', failureReason: reason, failureMessage: message } as const
    await store.endOauthSession(session.id, end, clock() + OUTCOME_MS)
    await forgetRefused(deps, client, error)
    throw error
  } finally {
    await removeVerifier(deps, session)
  }
}

export async function removeVerifier({ providers }: HandlerDeps, session: OauthSessionRow) {
  const provider = providers.find(session.provider)
  if (provider?.writable) await provider.remove([toItem(session, session.verifierItemId)])
}

async function exchange(
  deps: HandlerDeps,
  session: OauthSessionRow,
  client: OauthClientRow,
  returned: Returned,
): Promise<ConnectionRow> {
  const { server, redirectUri, resource } = session
  const code = readAnswer(session, client, returned)
  const tokenUrl = regionalTokenUrl(client.tokenUrl, returned.callbackDomain)
  const answer = await requestTokens(
    {
      client: { ...client, issuer: client.issuer ?? server.issuer },
      secret: await openClientSecret(deps.providers, client),
      authMethods: server.authMethods,
      tokenUrl: tokenUrl ?? client.tokenUrl,
      fetch: createOutbound(deps.egress, within(TOKEN_MS)),
      clock: deps.clock,
    },
    {
      grant: 'authorization_code',
      code,
      redirectUri,
      verifier: await openVerifier(deps, session),
      resource,
    },
  )
  const { tenant, owner, subject, integration, name, template, identityLabel, description } =
    session
  return saveSignIn(deps, client, answer, {
    ...{ tenant, owner, subject, integration, name, template, identityLabel, description },
    scopes: parseScope(session.scope),
    resource,
    tokenUrl,
    server,
  })
}

/** The code of an answer that came from the server that was asked. */
function readAnswer(
  { server }: OauthSessionRow,
  client: OauthClientRow,
  { state, code, error, iss }: Returned,
): string {
  const { host, origin } = new URL(server.authorizationUrl)
  // A server whose issuer nobody knows may name itself all the same; as somebody else it may not.
  const unsaid = iss !== undefined && URL.parse(iss)?.origin === origin ? iss : origin
  const known = {
    issuer: server.issuer ?? unsaid,
    authorization_response_iss_parameter_supported: server.namesItself === true,
  }
  const parameters = new URLSearchParams({ state })
  if (iss !== undefined) parameters.set('iss', iss)
  if (code !== undefined) parameters.set('code', code)
  try {
    oauth.validateAuthResponse(known, { client_id: client.clientId }, parameters, state)
  } catch (cause) {
    throw mixedUp(host, cause)
  }
  if (error !== undefined) throw declined(host, error)
  if (code !== undefined) return code
  throw declined(host, 'no_code')
}

async function openVerifier({ providers }: HandlerDeps, session: OauthSessionRow): Promise<Secret> {
  const provider = providers.find(session.provider)
  const verifier = await provider?.get(toItem(session, session.verifierItemId))
  if (verifier) return verifier
  throw unknownSession()
}

/** A server that knows us no longer is registered with anew, the next time. */
async function forgetRefused(
  deps: HandlerDeps,
  client: OauthClientRow | null,
  error: unknown,
): Promise<void> {
  if (!client) return
  const isForgotten = isSelfRegistered(client) && refusalOf(error) === 'invalid_client'
  if (!isForgotten) return removeIfUnused(deps, client)
  if (await deps.store.removeOauthClient(client.id))
    await removeClientSecret(deps.providers, client)
}

const UNEXPECTED = {
  reason: 'internal',
  message: 'Something went wrong on our side. Try again.',
}

function declined(host: string, code: string): ServiceError {
  if (code !== 'access_denied') return refused(host, code, undefined)
  return new ServiceError(
    'failed_precondition',
    'oauth_declined',
    `The sign-in at ${host} was declined there. Nothing was connected.`,
    { details: { error: code, host } },
  )
}

function mixedUp(host: string, cause: unknown): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'oauth_issuer_mismatch',
    `The answer to this sign-in does not come from ${host}, where it began. It was thrown away.`,
    { cause },
  )
}

function clientGone(): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'oauth_client_unknown',
    'The OAuth app of this sign-in was removed meanwhile. Sign in again.',
  )
}

export function unknownSession(): ServiceError {
  return new ServiceError(
    'not_found',
    'oauth_session_unknown',
    'There is no such sign-in: it is over, was used, or belongs to somebody else. Begin again.',
  )
}

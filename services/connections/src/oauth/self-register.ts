import { hash } from 'node:crypto'
import { ServiceError } from '@executor/contracts'
import type { Partition } from '../connection.ts'
import type { HandlerDeps } from '../deps.ts'
import type { OauthClientRow } from './client.ts'
import { removeClientSecret, writeClientSecret } from './client-secret.ts'
import type { KnownServer } from './known-server.ts'
import { createOutbound, TOKEN_MS, within } from './outbound.ts'
import { type Registered, register } from './register.ts'

/** What a client that we register by ourselves is for. */
export interface SelfRegistration {
  server: KnownServer
  resource: string | null
  redirectUri: string
  scopes: readonly string[]
  integration: string | null
  clientName?: string | undefined
  /** Where somebody chose one. */
  slug?: string | undefined
}

const CLIENT_NAME = 'Executor'
const SLUG_CHARS_MAX = 100
/** Others that take the same name at the same moment. */
const ATTEMPTS_MAX = 3

/** The one there is for this owner, server, resource and redirect URI. */
export async function findSelfRegistered(
  { store }: Pick<HandlerDeps, 'store'>,
  { tenant, owner, subject }: Partition,
  { server, resource, redirectUri }: SelfRegistration,
): Promise<OauthClientRow | null> {
  const clients = await store.listOauthClients(tenant, subject)
  const found = clients.find(
    (client) =>
      client.owner === owner &&
      client.originKind !== 'manual' &&
      client.issuer === server.issuer &&
      client.tokenUrl === server.tokenUrl &&
      client.resource === resource &&
      client.redirectUri === redirectUri,
  )
  return found ?? null
}

/** Registers us where the server lets programs do that; null where it does not. */
export async function selfRegister(
  deps: HandlerDeps,
  partition: Partition,
  asked: SelfRegistration,
  signal: AbortSignal,
): Promise<OauthClientRow | null> {
  const { server, redirectUri } = asked
  const document = documentUrl(deps, redirectUri)
  if (server.takesClientDocuments && document !== null) {
    const registered: Registered = { clientId: document, secret: null, authMethod: 'none' }
    return save(deps, partition, asked, registered, 'client_id_metadata_document')
  }
  if (server.registrationUrl === undefined) return null
  const registered = await register(createOutbound(deps.egress, within(TOKEN_MS, signal)), {
    registrationUrl: server.registrationUrl,
    redirectUri,
    clientName: asked.clientName ?? CLIENT_NAME,
    scopes: asked.scopes,
    authMethods: server.authMethods,
  })
  return save(deps, partition, asked, registered, 'dynamic_client_registration')
}

/** What we say of ourselves, where others can read it; only then it can stand for us. */
function documentUrl({ clientDocument }: HandlerDeps, redirectUri: string): string | null {
  if (clientDocument !== null) return clientDocument
  const { protocol, origin, pathname } = new URL(redirectUri)
  const isOurs = pathname === '/api/oauth/callback'
  return protocol === 'https:' && isOurs ? `${origin}/api/oauth/client-id-metadata.json` : null
}

async function save(
  deps: HandlerDeps,
  partition: Partition,
  asked: SelfRegistration,
  registered: Registered,
  originKind: OauthClientRow['originKind'],
): Promise<OauthClientRow> {
  const { store, providers, newId, clock } = deps
  const { server, resource, redirectUri, integration } = asked
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const key = { ...partition, slug: await freeSlug(deps, partition, asked, originKind) }
    const held = await writeClientSecret(providers, key, registered.secret, newId())
    const now = clock()
    const row: OauthClientRow = {
      id: newId(),
      ...key,
      ...held,
      grant: 'authorization_code',
      clientId: registered.clientId,
      authMethod: registered.authMethod,
      authorizationUrl: server.authorizationUrl,
      tokenUrl: server.tokenUrl,
      revocationUrl: server.revocationUrl ?? null,
      issuer: server.issuer,
      resource,
      redirectUri,
      originKind,
      originIntegration: integration,
      createdAt: now,
      updatedAt: now,
    }
    if (await store.insertOauthClient(row)) return row
    await removeClientSecret(providers, row)
    // Somebody else registered for the same at the same moment: one of both is enough.
    const other = await findSelfRegistered(deps, partition, asked)
    if (other) return other
  }
  throw new ServiceError(
    'unavailable',
    'oauth_client_busy',
    'Others register OAuth apps of that name at the moment. Try again.',
  )
}

/** `dcr-<host>`; where that stands for something else, with what this one is for. */
async function freeSlug(
  { store }: HandlerDeps,
  partition: Partition,
  { slug, server, resource, redirectUri }: SelfRegistration,
  originKind: OauthClientRow['originKind'],
): Promise<string> {
  const prefix = originKind === 'client_id_metadata_document' ? 'cimd' : 'dcr'
  const { host } = new URL(server.issuer ?? server.tokenUrl)
  const plain = slug ?? `${prefix}-${toSlug(host)}`
  if (!(await store.findOauthClient({ ...partition, slug: plain }))) return plain
  const identity = JSON.stringify([server.issuer, server.tokenUrl, resource, redirectUri])
  return `${plain}-${hash('sha256', identity).slice(0, 8)}`
}

function toSlug(host: string): string {
  return host
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/-+$/, '')
    .slice(0, SLUG_CHARS_MAX)
}

import { randomUUID } from 'node:crypto'
import type { Bus, Handlers } from '@executor/bus'
import { connections } from '@executor/contracts'
import type { Egress, LocalNetworkAccess } from '@executor/egress'
import { createCredentials } from './credentials.ts'
import type { ConnectionsDeps, HandlerDeps } from './deps.ts'
import { createEvents } from './events.ts'
import { awaitOauth } from './handlers/await-oauth.ts'
import { cancelOauth } from './handlers/cancel-oauth.ts'
import { checkConnection } from './handlers/check-connection.ts'
import { completeOauth } from './handlers/complete-oauth.ts'
import { createConnection } from './handlers/create-connection.ts'
import { createOauthClient } from './handlers/create-oauth-client.ts'
import { getConnection } from './handlers/get-connection.ts'
import { listAccounts } from './handlers/list-accounts.ts'
import { listConnectedIntegrations } from './handlers/list-connected-integrations.ts'
import { listConnections } from './handlers/list-connections.ts'
import { listOauthClients } from './handlers/list-oauth-clients.ts'
import { listProviderItems } from './handlers/list-provider-items.ts'
import { listProviders } from './handlers/list-providers.ts'
import { noteMissingScopes } from './handlers/note-missing-scopes.ts'
import { probeOauth } from './handlers/probe-oauth.ts'
import { registerOauthClient } from './handlers/register-oauth-client.ts'
import { removeConnection } from './handlers/remove-connection.ts'
import { removeIntegrationConnections } from './handlers/remove-integration-connections.ts'
import { removeOauthClient } from './handlers/remove-oauth-client.ts'
import { resolveCredential } from './handlers/resolve-credential.ts'
import { returnOauth } from './handlers/return-oauth.ts'
import { startOauth } from './handlers/start-oauth.ts'
import { updateConnection } from './handlers/update-connection.ts'
import { validateCredential } from './handlers/validate-credential.ts'
import type { Log } from './log.ts'
import { type KeySources, openMasterKeys } from './master-keys.ts'
import { createRefresh } from './oauth/refresh.ts'
import type { EnvironmentOptions } from './providers/environment.ts'
import { registerProviders } from './providers/registry.ts'
import type { Store } from './store.ts'
import { startUpkeep } from './upkeep.ts'
import { createVault } from './vault.ts'

export type { ConnectionsDeps } from './deps.ts'
export type { KeySources } from './master-keys.ts'

export interface ConnectionsOptions {
  store: Store
  bus: Bus
  egress: Egress
  /** What `egress` was opened with: where `http` may be used. */
  allowLocalNetwork: LocalNetworkAccess
  /** A client ID metadata document elsewhere that stands for this instance, where it has no `https`. */
  clientDocument?: string | undefined
  log: Log
  /** What encrypts values; null keeps them in memory, for programs that embed us and keep nothing. */
  keys: KeySources | null
  /** Variables named `EXECUTOR_CREDENTIAL_…` are credentials that the operator hands out. */
  environment: EnvironmentOptions
  clock?: () => number
}

export interface ConnectionsService {
  /** Settles when values are encrypted with the first key and none is left without a connection. */
  upkeep: Promise<void>
  close(): Promise<void>
}

/** Opens the service: checks its keys, serves its contract, and keeps stored values in order. */
export async function openConnections(options: ConnectionsOptions): Promise<ConnectionsService> {
  const { store, bus, log, keys, environment, clock = Date.now } = options
  const { egress, allowLocalNetwork, clientDocument = null } = options
  // A process that died with a claim left it to nobody who is there.
  if (store.isSoleWriter) await store.releaseRefreshes()
  const vault = keys && createVault(await openMasterKeys(keys, { rows: store, log }))
  const providers = registerProviders({ rows: store, vault, environment, clock, log })
  const handlers = createConnections({
    ...{ store, providers, bus, egress, allowLocalNetwork, clientDocument },
    ...{ log, clock, newId: randomUUID },
  })
  const served = await bus.serve(connections, handlers)
  const upkeep = vault && startUpkeep({ store, vault, clock, log })
  return {
    upkeep: upkeep?.done ?? Promise.resolve(),
    async close() {
      await served.drain()
      await upkeep?.close()
    },
  }
}

/** Who we are upstream: the table of contents of this service. */
export function createConnections(given: ConnectionsDeps): Handlers<typeof connections> {
  const { store, providers, clock } = given
  const events = createEvents(given)
  const refresh = createRefresh({
    ...given,
    events,
    drop: (row, revision) => credentials.drop(row, revision),
  })
  const credentials = createCredentials({
    rows: store,
    providers,
    clock,
    refresh,
    isSoleWriter: store.isSoleWriter,
  })
  const deps: HandlerDeps = { ...given, credentials, events }
  return {
    listAccounts: listAccounts(deps),
    listConnections: listConnections(deps),
    listConnectedIntegrations: listConnectedIntegrations(deps),
    getConnection: getConnection(deps),
    createConnection: createConnection(deps),
    updateConnection: updateConnection(deps),
    removeConnection: removeConnection(deps),
    removeIntegrationConnections: removeIntegrationConnections(deps),
    checkConnection: checkConnection(deps),
    validateCredential: validateCredential(deps),
    listProviders: listProviders(deps),
    listProviderItems: listProviderItems(deps),
    resolveCredential: resolveCredential(deps),
    probeOauth: probeOauth(deps),
    registerOauthClient: registerOauthClient(deps),
    createOauthClient: createOauthClient(deps),
    listOauthClients: listOauthClients(deps),
    removeOauthClient: removeOauthClient(deps),
    startOauth: startOauth(deps),
    completeOauth: completeOauth(deps),
    returnOauth: returnOauth(deps),
    cancelOauth: cancelOauth(deps),
    awaitOauth: awaitOauth(deps),
    noteMissingScopes: noteMissingScopes(deps),
  }
}

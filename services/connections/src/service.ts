import type { Handlers } from '@executor/bus'
import type { connections } from '@executor/contracts'
import { createCredentials } from './credentials.ts'
import type { ConnectionsDeps, HandlerDeps } from './deps.ts'
import { createEvents } from './events.ts'
import { checkConnection } from './handlers/check-connection.ts'
import { createConnection } from './handlers/create-connection.ts'
import { getConnection } from './handlers/get-connection.ts'
import { listConnections } from './handlers/list-connections.ts'
import { listProviderItems } from './handlers/list-provider-items.ts'
import { listProviders } from './handlers/list-providers.ts'
import { removeConnection } from './handlers/remove-connection.ts'
import { removeIntegrationConnections } from './handlers/remove-integration-connections.ts'
import { resolveCredential } from './handlers/resolve-credential.ts'
import { updateConnection } from './handlers/update-connection.ts'
import { validateCredential } from './handlers/validate-credential.ts'

export type { ConnectionsDeps } from './deps.ts'
export { type KeySources, openMasterKeys } from './master-keys.ts'
export { CREDENTIAL_PREFIX } from './providers/environment.ts'
export { type ProviderOptions, type Providers, registerProviders } from './providers/registry.ts'
export { startUpkeep, type Upkeep } from './upkeep.ts'
export { createVault, type Vault } from './vault.ts'

/** Who we are upstream: the table of contents of this service. */
export function createConnections(given: ConnectionsDeps): Handlers<typeof connections> {
  const { store, providers, clock } = given
  const credentials = createCredentials({
    rows: store,
    providers,
    clock,
    isSoleWriter: store.isSoleWriter,
  })
  const deps: HandlerDeps = { ...given, credentials, events: createEvents(given) }
  return {
    listConnections: listConnections(deps),
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
  }
}

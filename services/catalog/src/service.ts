import type { Bus, Handlers } from '@executor/bus'
import { type catalog, executor, REFRESH_EVERY_MS_MIN } from '@executor/contracts'
import type { Egress } from '@executor/egress'
import { createAccountLists } from './account-lists.ts'
import { createAccountSnapshots } from './account-snapshots.ts'
import type { CatalogDeps } from './deps.ts'
import { addIntegration } from './handlers/add-integration.ts'
import { configureIntegration } from './handlers/configure-integration.ts'
import { describeTool } from './handlers/describe-tool.ts'
import { detectSource } from './handlers/detect-source.ts'
import { getHealthCheck } from './handlers/get-health-check.ts'
import { getIntegration } from './handlers/get-integration.ts'
import { getIntegrationSettings } from './handlers/get-integration-settings.ts'
import { listChanges } from './handlers/list-changes.ts'
import { listHealthCheckCandidates } from './handlers/list-health-check-candidates.ts'
import { listHeldOperations } from './handlers/list-held-operations.ts'
import { listIntegrations } from './handlers/list-integrations.ts'
import { listPresets } from './handlers/list-presets.ts'
import { listTools } from './handlers/list-tools.ts'
import { locateTool } from './handlers/locate-tool.ts'
import { previewRefresh } from './handlers/preview-refresh.ts'
import { previewSource } from './handlers/preview-source.ts'
import { readOperation } from './handlers/read-operation.ts'
import { refreshConnection } from './handlers/refresh-connection.ts'
import { refreshIntegration } from './handlers/refresh-integration.ts'
import { removeIntegration } from './handlers/remove-integration.ts'
import { reviewOperations } from './handlers/review-operations.ts'
import { searchTools } from './handlers/search-tools.ts'
import { setHealthCheck } from './handlers/set-health-check.ts'
import { suggestTools } from './handlers/suggest-tools.ts'
import { updateIntegration } from './handlers/update-integration.ts'
import { createSchedule } from './schedule.ts'
import { createSnapshots } from './snapshots.ts'
import type { DiscoverSource } from './sources/source.ts'
import { createSources } from './sources/sources.ts'
import type { Store } from './store.ts'
import { createTidying } from './tidying.ts'
import { createTurns } from './turns.ts'

export interface CatalogOptions {
  store: Store
  bus: Bus
  egress: Egress
  /** The closest that integrations may be refreshed by themselves. */
  refreshEveryMsMin?: number | undefined
  /** Told of failures that nobody waits for. */
  onError(error: unknown, context: Record<string, unknown>): void
}

export interface CatalogService {
  handlers: Handlers<typeof catalog>
  /** Follows what connections and upstreams tell of themselves, and the schedules of integrations. */
  follow(): Promise<void>
  close(): Promise<void>
}

/** What tools exist: the table of contents of this service. */
export function createCatalog(options: CatalogOptions): CatalogService {
  const { store, bus, egress, refreshEveryMsMin = REFRESH_EVERY_MS_MIN, onError } = options
  const discover: DiscoverSource = (input, { principal, signal }) =>
    bus.request(executor.discoverSource, input, { principal, signal })
  const sources = createSources({ egress, discover })
  const snapshots = createSnapshots(store)
  const turns = createTurns()
  const shared = { store, bus, turns, sources, snapshots }
  const accountLists = createAccountLists(bus)
  const accountSnapshots = createAccountSnapshots({ ...shared, onError })
  const schedule = createSchedule({ deps: () => deps, onError })
  const tidying = createTidying({ store, onError })
  const wakeSchedule = () => schedule.wake()
  const accounts = { accountLists, accountSnapshots }
  const deps: CatalogDeps = { ...shared, ...accounts, refreshEveryMsMin, wakeSchedule }
  return {
    handlers: {
      detectSource: detectSource(deps),
      previewSource: previewSource(deps),
      addIntegration: addIntegration(deps),
      configureIntegration: configureIntegration(deps),
      refreshIntegration: refreshIntegration(deps),
      previewRefresh: previewRefresh(deps),
      refreshConnection: refreshConnection(deps),
      listChanges: listChanges(deps),
      listHeldOperations: listHeldOperations(deps),
      reviewOperations: reviewOperations(deps),
      updateIntegration: updateIntegration(deps),
      removeIntegration: removeIntegration(deps),
      getIntegration: getIntegration(deps),
      listIntegrations: listIntegrations(deps),
      getIntegrationSettings: getIntegrationSettings(deps),
      getHealthCheck: getHealthCheck(deps),
      setHealthCheck: setHealthCheck(deps),
      listHealthCheckCandidates: listHealthCheckCandidates(deps),
      listPresets: listPresets(),
      listTools: listTools(deps),
      describeTool: describeTool(deps),
      searchTools: searchTools(deps),
      suggestTools: suggestTools(deps),
      locateTool: locateTool(deps),
      readOperation: readOperation(deps),
    },
    async follow() {
      await accountSnapshots.follow()
      schedule.start()
      tidying.start()
    },
    async close() {
      await tidying.close()
      await schedule.close()
      await accountSnapshots.close()
      await sources.close()
    },
  }
}

import type { Bus, Subscription } from '@executor/bus'
import {
  catalog,
  connectionChanged,
  connections,
  integrationChanged,
  isServiceError,
  servicePrincipal,
} from '@executor/contracts'
import type { SessionAccount } from './account.ts'
import type { Pool } from './pool.ts'

/** Ends the sessions of connections and integrations that change, at once when they are gone. */
export async function followChanges(
  bus: Bus,
  pool: Pool,
  onError: (error: unknown) => void,
): Promise<Subscription[]> {
  const run = (work: Promise<void>) => work.catch(onError)
  return [
    await bus.subscribe(connectionChanged, ({ name, change, ...key }) => {
      const place = { ...key, connection: name }
      if (change === 'removed') pool.retire(place)
      else void run(keepCurrentCredential(bus, pool, place))
    }),
    await bus.subscribe(integrationChanged, ({ tenant, slug, change }) => {
      const place = { tenant, integration: slug }
      if (change === 'removed') pool.retire(place)
      else void run(keepCurrentSettings(bus, pool, place))
    }),
  ]
}

type ChangedConnection = Omit<SessionAccount, 'revision' | 'consent'>

/** Much changes about a connection beside what it is entered with: its description, its health. */
async function keepCurrentCredential(
  bus: Bus,
  pool: Pool,
  place: ChangedConnection,
): Promise<void> {
  const { tenant, subject, owner, integration, connection: name } = place
  const isOpen = pool
    .places(place)
    .some((open) => open.owner === owner && open.subject === subject && open.connection === name)
  if (!isOpen) return
  const principal = { ...servicePrincipal(tenant), subject }
  const resolved = await bus
    .request(connections.resolveCredential, { owner, integration, name }, { principal })
    .catch(nullWhenExpected)
  pool.retire({ ...place, ...(resolved ? { consent: resolved.consent } : {}) })
}

async function keepCurrentSettings(
  bus: Bus,
  pool: Pool,
  place: Pick<SessionAccount, 'tenant' | 'integration'>,
): Promise<void> {
  if (pool.places(place).length === 0) return
  const { tenant, integration: slug } = place
  const settings = await bus
    .request(catalog.getIntegrationSettings, { slug }, { principal: servicePrincipal(tenant) })
    .catch(nullWhenExpected)
  pool.retire({ ...place, ...(settings ? { revision: settings.revision } : {}) })
}

function nullWhenExpected(error: unknown): null {
  if (isServiceError(error)) return null
  throw error
}

import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'

export function listConnectedIntegrations({
  store,
}: HandlerDeps): Handler<typeof connections.listConnectedIntegrations> {
  return async (_, { principal: { tenant, subject } }) => ({
    slugs: await store.listConnectedIntegrations(tenant, subject),
  })
}

import type { Handler } from '@executor/bus'
import { type connections, ServiceError } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { assertMayLink } from '../linked-value.ts'

export function listProviderItems({
  providers,
}: HandlerDeps): Handler<typeof connections.listProviderItems> {
  return async ({ key }, { principal }) => {
    assertMayLink(principal)
    const provider = providers.find(key)
    if (!provider) throw unknownProvider(key)
    return (await provider.list?.(principal.tenant)) ?? []
  }
}

function unknownProvider(key: string): ServiceError {
  return new ServiceError(
    'not_found',
    'credential_provider_unknown',
    `There is no credential provider "${key.slice(0, 64)}".`,
  )
}

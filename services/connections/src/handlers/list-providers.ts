import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'

export function listProviders({
  providers,
}: HandlerDeps): Handler<typeof connections.listProviders> {
  return () => providers.all.map(({ key, writable }) => ({ key, writable }))
}

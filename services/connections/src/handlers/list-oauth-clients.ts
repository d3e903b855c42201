import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'
import { toOauthClient } from '../oauth/client.ts'

export function listOauthClients({
  store,
}: HandlerDeps): Handler<typeof connections.listOauthClients> {
  return async (_input, { principal: { tenant, subject } }) =>
    (await store.listOauthClients(tenant, subject)).map(toOauthClient)
}

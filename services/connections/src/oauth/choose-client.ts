import { type AuthMethod, ServiceError } from '@executor/contracts'
import type { Partition } from '../connection.ts'
import type { HandlerDeps } from '../deps.ts'
import type { OauthClientRow } from './client.ts'
import { belongsTo } from './find-client.ts'
import { findSelfRegistered, type SelfRegistration, selfRegister } from './self-register.ts'

/**
 * The client for a sign-in where nobody named one: an app that a person registered with this server,
 * else what we registered there before, else we register.
 */
export async function chooseClient(
  deps: HandlerDeps,
  partition: Partition,
  asked: SelfRegistration,
  signal: AbortSignal,
): Promise<OauthClientRow> {
  const { server } = asked
  const clients = await deps.store.listOauthClients(partition.tenant, partition.subject)
  const manual = clients
    .filter(({ originKind, grant }) => originKind === 'manual' && grant === 'authorization_code')
    .filter((client) => belongsTo(client, server))
    // One's own before the organization's.
    .sort((one, other) => Number(other.owner === 'user') - Number(one.owner === 'user'))[0]
  if (manual) return manual
  const before = await findSelfRegistered(deps, partition, asked)
  const found = before ?? (await selfRegister(deps, partition, asked, signal))
  if (found) return found
  throw clientRequired({ authorizationUrl: server.authorizationUrl, tokenUrl: server.tokenUrl })
}

/** Programs cannot register with this server: a person has to. */
export function clientRequired(
  oauth: Pick<NonNullable<AuthMethod['oauth']>, 'authorizationUrl' | 'tokenUrl'> = {},
): ServiceError {
  const { authorizationUrl, tokenUrl } = oauth
  const host = URL.parse(authorizationUrl ?? tokenUrl ?? '')?.host ?? 'the service'
  return new ServiceError(
    'failed_precondition',
    'oauth_client_required',
    `Programs cannot register themselves with ${host}. Register an OAuth app there, and enter its id and secret.`,
    {
      details: {
        ...(authorizationUrl === undefined ? {} : { authorizationUrl }),
        ...(tokenUrl === undefined ? {} : { tokenUrl }),
      },
    },
  )
}

import { isAdmin, type Principal, type Secret, ServiceError } from '@executor/contracts'
import type { Partition } from './connection.ts'
import type { GivenCredential } from './credential-input.ts'
import { toItem } from './credentials.ts'
import { getLinkable, type Providers } from './providers/registry.ts'

type Linked = Extract<GivenCredential, { kind: 'linked' }>

/**
 * The value that a credential points at. What a provider holds already was put there for the whole
 * organization, so its admins decide which connection may use it.
 */
export async function getLinkedValue(
  providers: Providers,
  { provider: key, id }: Linked,
  { principal, partition }: { principal: Principal; partition: Partition },
): Promise<Secret> {
  assertMayLink(principal)
  const provider = getLinkable(providers, key)
  const value = await provider.get(toItem(partition, id))
  if (value) return value
  throw new ServiceError(
    'invalid_argument',
    'connection_input_invalid',
    `The provider ${key} has no item "${id.slice(0, 64)}".`,
    { details: { provider: key } },
  )
}

export function assertMayLink(principal: Principal): void {
  if (isAdmin(principal)) return
  throw new ServiceError(
    'permission_denied',
    'provider_access_denied',
    'Only an admin sees what a credential provider holds and points connections at it.',
  )
}

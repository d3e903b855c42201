import { isAdmin, type Owner, type Principal, ServiceError } from '@executor/contracts'
import type { ConnectionKey, Partition } from './connection.ts'

interface NamedConnection {
  owner: Owner
  integration: string
  name: string
}

/**
 * The rows an owner word means for this principal: the organization's, or the principal's own. A
 * member can name no other member's rows, so none are ever found.
 */
export function toPartition({ tenant, subject }: Principal, owner: Owner): Partition {
  if (owner === 'org') return { tenant, owner, subject: '' }
  if (subject !== '') return { tenant, owner, subject }
  throw new ServiceError(
    'invalid_argument',
    'subject_required',
    'A personal connection belongs to a person, and this key stands for none. Use owner "org".',
  )
}

/** Like `toPartition`, for changing: what the organization shares is changed by its admins. */
export function toWritablePartition(principal: Principal, owner: Owner): Partition {
  if (owner === 'org' && !isAdmin(principal)) {
    throw new ServiceError(
      'permission_denied',
      'org_write_denied',
      'Only an admin changes connections that the organization shares. Ask one, or make a personal connection.',
    )
  }
  return toPartition(principal, owner)
}

export function toKey(partition: Partition, { integration, name }: NamedConnection): ConnectionKey {
  return { ...partition, integration, name }
}

export function unknownConnection({ owner, integration, name }: NamedConnection): ServiceError {
  return new ServiceError(
    'not_found',
    'connection_unknown',
    `No ${owner === 'org' ? 'shared' : 'personal'} connection named "${name}" for ${integration}. Create one in Connections.`,
    { details: { owner, integration, name } },
  )
}

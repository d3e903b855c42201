import { isAdmin, type Owner, type Principal, ServiceError } from '@executor/contracts'

/** One ordered list of rules: the organization's, or one account's own. */
export interface Partition {
  tenant: string
  owner: Owner
  /** Empty for the organization's. */
  subject: string
}

/** The list that a principal means by `owner`. */
export function toPartition({ tenant, subject }: Principal, owner: Owner): Partition {
  if (owner === 'org') return { tenant, owner, subject: '' }
  if (subject === '') {
    throw new ServiceError(
      'invalid_argument',
      'subject_required',
      'Personal rules belong to an account, and this key has none. Use owner "org".',
    )
  }
  return { tenant, owner, subject }
}

/** Like `toPartition`, for somebody who wants to change it. */
export function toWritablePartition(principal: Principal, owner: Owner): Partition {
  if (owner === 'org' && !isAdmin(principal)) {
    throw new ServiceError(
      'permission_denied',
      'org_write_denied',
      "Only owners and admins change the organization's rules. Ask one of them, or make a personal rule.",
    )
  }
  return toPartition(principal, owner)
}

import { isAdmin, type Principal, ServiceError } from '@executor/contracts'

/** Integrations are shared by the tenant, so changing one takes an owner or an administrator. */
export function assertMayManage(principal: Principal): void {
  if (isAdmin(principal) || principal.roles.includes('service')) return
  throw new ServiceError(
    'permission_denied',
    'org_write_denied',
    'Integrations are shared by everyone here: ask an owner or an administrator to change them.',
  )
}

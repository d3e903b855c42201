import { z } from 'zod'

/**
 * `owner` and `admin` manage the tenant, `member` uses it and manages what is their own, `agent`
 * is a program that acts for a person: it calls and reads, and changes nothing by itself.
 * `service` is one of our own processes.
 */
export const Role = z.enum(['owner', 'admin', 'member', 'agent', 'service'])
export type Role = z.infer<typeof Role>

/** The door a request came through; recorded with every run and every answer. */
export const Via = z.enum(['console', 'rest', 'cli', 'mcp', 'sandbox', 'sdk', 'system'])
export type Via = z.infer<typeof Via>

/** Who is asking. Travels with every request. */
export const Principal = z.object({
  /** The hard partition. */
  tenant: z.string().min(1).max(128),
  /** The account; empty for a tenant-wide machine principal. */
  subject: z.string().max(256),
  roles: z.array(Role).max(8),
  via: Via,
  /** A toolkit narrows what this principal sees and may call. */
  toolkit: z.string().max(64).optional(),
})
export type Principal = z.infer<typeof Principal>

/** A program acting for a person: never answers an approval, never changes configuration. */
export function isAgent(principal: Principal): boolean {
  return principal.roles.includes('agent')
}

/** May change what the whole tenant shares. */
export function isAdmin(principal: Principal): boolean {
  return !isAgent(principal) && principal.roles.some((role) => role === 'owner' || role === 'admin')
}

/** One of our own processes, acting on its own account within a tenant. */
export function servicePrincipal(tenant: string): Principal {
  return { tenant, subject: '', roles: ['service'], via: 'system' }
}

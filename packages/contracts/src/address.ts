import { z } from 'zod'
import { ServiceError } from './errors.ts'

/** `org` rows are shared by the tenant; `user` rows belong to one subject. */
export const Owner = z.enum(['org', 'user'])
export type Owner = z.infer<typeof Owner>

/** Integration and connection names: one segment of an address, so no dots. */
export const Slug = z
  .string()
  .min(1)
  .max(128)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
    'use letters, digits, "_" and "-", starting with a letter or digit',
  )

export interface ConnectionRef {
  integration: string
  owner: Owner
  connection: string
}
export interface ToolRef extends ConnectionRef {
  tool: string
}

const ADDRESS_CHARS_MAX = 1024

/**
 * Parses `tools.<integration>.<owner>.<connection>.<tool>`; the `tools.` root may be left out, as it
 * is in search results. Tool names may contain dots, so only the first three separate.
 * Throws `invalid_argument` with reason `address_invalid`.
 */
export function parseAddress(address: string): ToolRef {
  const ref = findAddress(address)
  if (!ref) {
    throw new ServiceError(
      'invalid_argument',
      'address_invalid',
      `"${address.slice(0, 200)}" is not a tool address. Use <integration>.<org|user>.<connection>.<tool>.`,
    )
  }
  return ref
}

/** Like `parseAddress`, `null` where it throws. */
export function findAddress(address: string): ToolRef | null {
  if (address.length > ADDRESS_CHARS_MAX) return null
  const path = address.startsWith('tools.') ? address.slice('tools.'.length) : address
  const [integration, owner, connection, ...rest] = path.split('.')
  const tool = rest.join('.')
  if (!integration || !connection || !tool) return null
  if (owner !== 'org' && owner !== 'user') return null
  return { integration, owner, connection, tool }
}

/** The whole address, with its `tools.` root. */
export function formatAddress(ref: ToolRef): string {
  return `tools.${formatPath(ref)}`
}

/** The address without its root: what policies match and search returns. */
export function formatPath({ integration, owner, connection, tool }: ToolRef): string {
  return `${integration}.${owner}.${connection}.${tool}`
}

/** The address of a connection: `tools.<integration>.<owner>.<connection>`. */
export function formatConnectionAddress({ integration, owner, connection }: ConnectionRef): string {
  return `tools.${integration}.${owner}.${connection}`
}

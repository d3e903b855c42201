import { hash } from 'node:crypto'

/**
 * SHA-256 over an address and its arguments, whatever the order of their keys: what a person was
 * shown, what a step recorded, and what is about to be sent are the same when their digests are.
 */
export function digestCall(path: string, args: unknown): string {
  return hash('sha256', `${path}\0${canonicalJson(args)}`, 'hex')
}

/** JSON with sorted keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value)) ?? 'null'
}

/** Long lists of plain values, which are most of what is ever long, are left as they are. */
function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.some(isNested) ? value.map(sortKeys) : value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]))
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

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
  return (
    JSON.stringify(value, (_key, inner: unknown) => {
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
      const entries = Object.entries(inner)
      return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
    }) ?? 'null'
  )
}

import type { OpenapiServer } from '@executor/contracts'
import { isObject, textOf } from './json.ts'
import { SERVERS_MAX } from './limits.ts'

/** Reads a `servers` list; relative addresses start from the document's own. */
export function readServers(value: unknown, base: string | null): OpenapiServer[] {
  if (!Array.isArray(value)) return []
  const servers = value.slice(0, SERVERS_MAX).flatMap((server) => {
    if (!isObject(server) || typeof server.url !== 'string') return []
    const variables = readVariables(server.variables)
    return [{ url: resolveServerUrl(server.url.trim(), base), ...(variables ? { variables } : {}) }]
  })
  return servers
}

function readVariables(value: unknown): OpenapiServer['variables'] {
  if (!isObject(value)) return undefined
  const entries = Object.entries(value).flatMap(([name, variable]) => {
    if (!isObject(variable)) return []
    const choices = Array.isArray(variable.enum)
      ? variable.enum.flatMap((choice) => textOf(choice) ?? [])
      : []
    const fallback = textOf(variable.default) ?? choices[0] ?? ''
    return [
      [name, { default: fallback, ...(choices.length > 0 ? { enum: choices } : {}) }] as const,
    ]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** Templates survive: only the part before them is resolved as a URL. */
function resolveServerUrl(url: string, base: string | null): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url) || url.startsWith('{')) return trimSlash(url)
  const resolved = base === null ? null : URL.parse(url, base)
  if (!resolved) return trimSlash(url)
  return trimSlash(resolved.href.replaceAll('%7B', '{').replaceAll('%7D', '}'))
}

function trimSlash(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url
}

/** Where calls go when a document names no server: the place it came from (OpenAPI 4.8.1). */
export function defaultServers(base: string | null): OpenapiServer[] {
  const origin = base === null ? null : URL.parse(base)
  return origin ? [{ url: origin.origin }] : []
}

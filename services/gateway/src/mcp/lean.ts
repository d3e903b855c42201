import type { IncomingHttpHeaders } from 'node:http'
import { type Abilities, readAbilities } from './abilities.ts'
import {
  type Era,
  findRequest,
  isObject,
  type JsonObject,
  type RequestId,
  type RpcRequest,
} from './messages.ts'
import type { McpTool, Toolset } from './tool.ts'

/**
 * What is asked thousands of times a second is answered here, at a tenth of the SDK's cost. Only
 * requests that are exactly what the specification says are taken; everything else, and with it
 * every refusal, is the SDK's.
 */
export type LeanRequest =
  | { era: Era; id: RequestId; method: 'ping' }
  | { era: Era; id: RequestId; method: 'tools/list' }
  | {
      era: Era
      id: RequestId
      method: 'tools/call'
      tool: McpTool
      params: JsonObject
      args: JsonObject
    }

/** The revisions that shake hands, as the SDK serves them. */
export const HANDSHAKE_REVISIONS: ReadonlySet<string> = new Set([
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
  '2024-10-07',
])
const ENVELOPE_REVISION = '2026-07-28'
const REVISION_KEY = 'io.modelcontextprotocol/protocolVersion'
const CAPABILITIES_KEY = 'io.modelcontextprotocol/clientCapabilities'

export function findLeanRequest(
  body: unknown,
  headers: IncomingHttpHeaders,
  toolset: Toolset,
): LeanRequest | null {
  const request = findRequest(body)
  if (!request) return null
  const era = eraOf(request, headers)
  if (!era) return null
  const { id, method, params } = request
  // The later era has no ping.
  if (method === 'ping') return era === 'handshake' ? { era, id, method } : null
  if (method === 'tools/list') return params.cursor === undefined ? { era, id, method } : null
  if (method !== 'tools/call') return null
  const { name, arguments: args = {}, task } = params
  const tool = typeof name === 'string' ? toolset.tools.get(name) : undefined
  if (!tool || !isObject(args) || task !== undefined) return null
  if (era === 'envelope' && headers['mcp-name'] !== name) return null
  return { era, id, method, tool, params, args }
}

function eraOf({ method, params }: RpcRequest, headers: IncomingHttpHeaders): Era | null {
  const revision = headers['mcp-protocol-version']
  const meta = params._meta ?? {}
  if (!isObject(meta)) return null
  if (REVISION_KEY in meta) {
    const isEnvelope =
      revision === ENVELOPE_REVISION &&
      meta[REVISION_KEY] === ENVELOPE_REVISION &&
      isObject(meta[CAPABILITIES_KEY]) &&
      headers['mcp-method'] === method
    return isEnvelope ? 'envelope' : null
  }
  const accept = headers.accept ?? ''
  const acceptsBoth = accept.includes('application/json') && accept.includes('text/event-stream')
  const isKnown =
    revision === undefined || (typeof revision === 'string' && HANDSHAKE_REVISIONS.has(revision))
  return acceptsBoth && isKnown ? 'handshake' : null
}

/** What a client of the later era says it can be asked; null in the earlier one, whose session knows. */
export function findAbilities(body: unknown): Abilities | null {
  const meta = findRequest(body)?.params._meta
  return isObject(meta) && CAPABILITIES_KEY in meta ? readAbilities(meta[CAPABILITIES_KEY]) : null
}

/** The result of `tools/list`; in the later era clients may keep it as long as it says. */
export function listResult(era: Era, listJson: string, serverInfoJson: string): string {
  const result = `{"tools":${listJson}}`
  return era === 'handshake'
    ? result
    : stamp(`{"ttlMs":0,"cacheScope":"private",${result.slice(1)}`, serverInfoJson)
}

/** What the later era asks of every result beside what it says. */
export function eraResult(era: Era, resultJson: string, serverInfoJson: string): string {
  return era === 'handshake' ? resultJson : stamp(resultJson, serverInfoJson)
}

function stamp(resultJson: string, serverInfoJson: string): string {
  const meta = `"_meta":{"io.modelcontextprotocol/serverInfo":${serverInfoJson}}`
  return `{"resultType":"complete",${meta},${resultJson.slice(1)}`
}

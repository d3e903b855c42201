/** JSON-RPC as it is spoken on `/mcp`: enough of it to answer what is asked most. */
export type RequestId = string | number
export type JsonObject = Record<string, unknown>

export interface RpcRequest {
  id: RequestId
  method: string
  params: JsonObject
}

/** The two protocol eras: with an `initialize` handshake, and with an envelope in every request. */
export type Era = 'handshake' | 'envelope'

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A single well-formed request; anything else (batches, notifications, noise) is `null`. */
export function findRequest(body: unknown): RpcRequest | null {
  if (!isObject(body) || body.jsonrpc !== '2.0') return null
  const { id, method, params = {} } = body
  if (typeof id !== 'string' && !Number.isInteger(id)) return null
  if (typeof method !== 'string' || !isObject(params)) return null
  return { id: id as RequestId, method, params }
}

export function isInitialize(body: unknown): boolean {
  return findRequest(body)?.method === 'initialize'
}

/** The request that a client of a session no longer waits for. */
export function findCancellation(body: unknown): RequestId | null {
  if (!isObject(body) || body.method !== 'notifications/cancelled') return null
  const { params } = body
  const id = isObject(params) ? params.requestId : undefined
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

/** The id an error answers, where a single request can be read at all. */
export function requestIdOf(body: unknown): RequestId | null {
  return findRequest(body)?.id ?? null
}

export function resultMessage(id: RequestId, resultJson: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${resultJson}}`
}

export function errorMessage(
  id: RequestId | null,
  error: { code: number; message: string; data?: unknown },
): string {
  return JSON.stringify({ jsonrpc: '2.0', error, id })
}

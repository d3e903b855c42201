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

/** The parameters of the request that opens a session. */
export function findInitialize(body: unknown): JsonObject | null {
  const request = findRequest(body)
  return request?.method === 'initialize' ? request.params : null
}

/** What a client answers to a request of ours. */
export interface RpcReply {
  id: string
  /** Null where it answered with an error. */
  result: JsonObject | null
}

export function findReply(body: unknown): RpcReply | null {
  if (!isObject(body) || body.jsonrpc !== '2.0' || body.method !== undefined) return null
  const { id, result, error } = body
  if (typeof id !== 'string') return null
  if (isObject(result)) return { id, result }
  return error === undefined ? null : { id, result: null }
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

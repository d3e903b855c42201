import type { HttpInfo, ToolError } from '@executor/contracts'
import type { ProtocolAnswer } from './protocol.ts'

/** A success around data that is JSON text already. */
export function successAnswer(data: string, http: HttpInfo): ProtocolAnswer {
  return {
    json: `{"ok":true,"data":${data},"http":${JSON.stringify(http)}}`,
    ok: true,
    httpStatus: http.status,
    outcomeUnknown: false,
  }
}

export function failureAnswer(
  error: ToolError,
  options: { http?: HttpInfo; outcomeUnknown?: boolean } = {},
): ProtocolAnswer {
  const { http, outcomeUnknown = false } = options
  return {
    json: JSON.stringify({ ok: false, error, ...(http ? { http } : {}) }),
    ok: false,
    httpStatus: http?.status ?? error.status ?? null,
    outcomeUnknown,
  }
}

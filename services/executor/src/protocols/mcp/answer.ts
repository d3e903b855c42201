import type { Operation } from '@executor/contracts'
import { failureAnswer } from '../answer.ts'
import type { ProtocolAnswer } from '../protocol.ts'

const MESSAGE_CHARS_MAX = 1_000

interface ToolResultLike {
  content?: readonly { type: string; text?: unknown }[]
  isError?: boolean
}

/** A server's result: the whole of it as data, or as the details of an error where it says it is one. */
export function toAnswer(result: object, operation: Operation): ProtocolAnswer {
  const { content, isError } = result as ToolResultLike
  if (isError === true) {
    const said = (content ?? []).flatMap(({ text }) => (typeof text === 'string' ? [text] : []))
    const message = said.join('\n').slice(0, MESSAGE_CHARS_MAX) || `${operation.name} failed.`
    return failureAnswer({ code: 'mcp_tool_error', message, details: result, retryable: false })
  }
  return {
    json: `{"ok":true,"data":${JSON.stringify(result)}}`,
    ok: true,
    httpStatus: null,
    outcomeUnknown: false,
  }
}

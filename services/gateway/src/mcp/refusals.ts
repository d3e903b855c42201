import type { ServiceError } from '@executor/contracts'
import type { Log } from '../deps.ts'
import { RETRY_AFTER_SECONDS } from '../edge/failures.ts'
import { traceIdOf } from '../edge/tracing.ts'
import { toHttpError, toRpcCode, toServiceError } from '../errors.ts'
import type { App } from '../http/route.ts'
import { sendText } from '../http/send.ts'
import { errorMessage, requestIdOf } from './messages.ts'

/** What is thrown on `/mcp` is answered as JSON-RPC, whatever the status. */
export function registerRefusals(app: App, log: Log): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = toServiceError(thrown)
    const traceId = traceIdOf(request)
    const { status, body } = toHttpError(error, traceId)
    if (status >= 500)
      log.error({ err: error.cause ?? thrown, traceId, reason: error.reason }, 'mcp request failed')
    if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS)
    const data = { reason: error.reason, traceId }
    const refusal = { code: rpcCodeOf(error), message: body.message, data }
    return sendText(reply.code(status), errorMessage(requestIdOf(request.body), refusal))
  })
}

function rpcCodeOf({ code, reason }: ServiceError): number {
  if (reason === 'request_malformed') return -32700
  if (reason === 'session_missing' || reason === 'payload_too_large') return -32000
  return toRpcCode(code)
}

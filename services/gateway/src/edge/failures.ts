import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../deps.ts'
import { toHttpError, toServiceError } from '../errors.ts'
import type { App, Given } from '../http/route.ts'
import type { MethodsOf } from './methods.ts'
import { traceIdOf } from './tracing.ts'

/** Seconds after which what is unavailable may be asked for again. */
export const RETRY_AFTER_SECONDS = 2

/** Everything that is thrown leaves through here: named for the client, logged where it is ours. */
export function registerFailures(app: App, log: Log): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = toServiceError(thrown)
    const traceId = traceIdOf(request)
    const named = request.routeOptions.config.tagError?.(error, givenBy(request))
    const { status, body } = toHttpError(error, traceId, named)
    if (status >= 500)
      log.error(
        {
          err: error.cause ?? thrown,
          traceId,
          route: request.routeOptions.url,
          reason: error.reason,
        },
        'request failed',
      )
    if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS)
    // Closed while the rest of the body is on its way, the connection would be reset, and the client
    // would never read why. Node reads on and forgets, for as long as a request may take to arrive.
    if (error.reason === 'payload_too_large') reply.removeHeader('connection')
    return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body))
  })
}

function givenBy(request: FastifyRequest): Given {
  const { query, params, body } = request
  return { ...asRecord(query), ...asRecord(body), ...asRecord(params) }
}

function asRecord(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

/** A URL that cannot be decoded reaches no route, and no hook. */
export function sendMalformed(_error: unknown, _request: FastifyRequest, reply: unknown): void {
  ;(reply as FastifyReply).code(400).type('application/json; charset=utf-8').send(MALFORMED)
}

const MALFORMED = JSON.stringify({
  _tag: 'InvalidRequestError',
  message: 'The URL cannot be decoded: a "%" in it must be followed by two hexadecimal digits.',
  code: 'invalid_argument',
  reason: 'request_malformed',
})

/** What nobody answers, where an answer in words is expected. */
export function sendNotFound(
  { method, url }: FastifyRequest,
  reply: FastifyReply,
  methodsOf: MethodsOf,
): FastifyReply {
  const methods = methodsOf(url.split('?', 1)[0] ?? '')
  reply.type('application/json; charset=utf-8')
  if (methods.length === 0) return reply.code(404).send(NOT_FOUND)
  const allowed = methods.join(', ')
  const body = {
    _tag: 'MethodNotAllowedError',
    message: `This address is not asked with ${method}, but with ${allowed}.`,
    code: 'invalid_argument',
    reason: 'method_not_allowed',
  }
  return reply.code(405).header('allow', allowed).send(JSON.stringify(body))
}

const NOT_FOUND = JSON.stringify({
  _tag: 'NotFoundError',
  message: 'There is nothing at this address. /api/docs lists what there is.',
})

import { setTimeout as wait } from 'node:timers/promises'
import {
  type IntegrationSettings,
  isServiceError,
  type JsonObject,
  type JsonSchema,
  OpenapiConfig,
  type ToolError,
} from '@executor/contracts'
import type { EgressResponse } from '@executor/egress'
import { failureAnswer, successAnswer } from '../answer.ts'
import { checkArguments, invalidArguments } from '../arguments/check-arguments.ts'
import { credentialError } from '../authentication.ts'
import { NO_CREDENTIAL, type RenderedCredential, renderCredential } from '../credential.ts'
import { createMask, type Mask } from '../mask.ts'
import type { Protocol, ProtocolAnswer, ProtocolCall } from '../protocol.ts'
import { oncePer, readConfig } from '../stored.ts'
import { toUpstreamFailure } from '../upstream-failure.ts'
import { type BuiltRequest, buildRequest } from './build-request.ts'
import { flatten } from './containers.ts'
import { createDigestSessions, type DigestSessions } from './digest-session.ts'
import { isToolFile } from './file.ts'
import { isStream } from './media-type.ts'
import { type OperationPlan, planOf } from './plan.ts'
import { readFailure } from './read-failure.ts'
import { readSuccess } from './read-success.ts'
import { headerText } from './response-headers.ts'
import { retryAfterMs } from './retry-after.ts'

export interface OpenapiOptions {
  now?: () => number
  /** Waits before a read is sent again. */
  pause?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
}

const STREAM_BYTES_MAX = 1_000_000
const STREAM_MS_MAX = 10_000
const RETRIES_MAX = 2
/** An agent waits too: what takes longer is told, not waited for. */
const RETRY_WAIT_MS_MAX = 5_000

/** Calls operations of OpenAPI documents. */
export function createOpenapi(options: OpenapiOptions = {}): Protocol {
  const { now = Date.now, pause = (ms, signal) => wait(ms, undefined, { signal }) } = options
  const digests = createDigestSessions()
  return {
    kind: 'openapi',

    prepare(detail, args) {
      try {
        const { args: flat, problems } = flatten(planOf(detail.operation).containers, args)
        if (problems.length > 0) return { failure: invalidArguments(detail, problems) }
        const named = nameFile(detail.operation.inputSchema, flat)
        const failure = checkArguments(detail, named)
        return failure ? { failure } : { args: named }
      } catch (error) {
        return { failure: toToolError(error) }
      }
    },

    async invoke(call) {
      const ready = prepareRequest(call)
      if ('failure' in ready) return failureAnswer(ready.failure)
      const { plan, credential } = ready
      const mask = createMask(credential.secrets)
      try {
        const response = await send(call, plan, ready, { now, pause, digests })
        const answer = await read(call, plan, response, mask, now())
        return { ...answer, json: mask.json(answer.json) }
      } catch (error) {
        const { error: failure, outcomeUnknown } = toUpstreamFailure(error, plan.isRepeatable)
        const answer = failureAnswer(failure, { outcomeUnknown })
        return { ...answer, json: mask.json(answer.json) }
      }
    },
  }
}

/** A file is a body too, also where the argument for bytes has a name of its own. */
function nameFile(schema: JsonSchema, args: JsonObject): JsonObject {
  if (!isToolFile(args.body) || 'bodyBase64' in args || typeof schema === 'boolean') return args
  const known = Object.keys((schema.properties ?? {}) as object)
  if (known.includes('body') || !known.includes('bodyBase64')) return args
  const { body: bodyBase64, ...rest } = args
  return { ...rest, bodyBase64 }
}

type Ready = { plan: OperationPlan; request: BuiltRequest; credential: RenderedCredential }

function prepareRequest(call: ProtocolCall): Ready | { failure: ToolError } {
  const { operation, settings, args } = call
  try {
    const plan = planOf(operation)
    const rendering = plan.sendsCredential
      ? renderCredential(settings.authMethods, call.credential)
      : { credential: NO_CREDENTIAL }
    if (!('credential' in rendering))
      return { failure: credentialError(settings, accountOf(call), rendering) }
    const { credential } = rendering
    const request = buildRequest(plan, configOf(settings), credential, args)
    return { plan, request, credential }
  } catch (error) {
    return { failure: toToolError(error) }
  }
}

const configOf = oncePer((settings: IntegrationSettings) => readConfig(OpenapiConfig, settings))

/** Sends it, and a read once more where the upstream says when. */
async function send(
  { egress, signal }: ProtocolCall,
  plan: OperationPlan,
  { request, credential }: Ready,
  { now, pause, digests }: Required<OpenapiOptions> & { digests: DigestSessions },
): Promise<EgressResponse> {
  const { digest } = credential
  const retryable = plan.isRepeatable
  const sendOnce = (built: BuiltRequest) =>
    egress.request({ ...built, signal, retryable, bounds: boundsOf })
  for (let retries = 0; ; retries++) {
    const response = await (digest ? digests.send(request, digest, sendOnce) : sendOnce(request))
    if (!plan.isRepeatable || retries === RETRIES_MAX) return response
    if (response.status !== 429 && response.status !== 503) return response
    const waitMs =
      headerText(response.headers, 'retry-after') === ''
        ? undefined
        : retryAfterMs(response.headers, now())
    if (waitMs === undefined || waitMs > RETRY_WAIT_MS_MAX) return response
    try {
      await pause(waitMs, signal)
    } catch {
      // Given up while waiting: the refusal is the answer.
      return response
    }
  }
}

function boundsOf({ headers }: Pick<EgressResponse, 'headers'>) {
  return isStream(headerText(headers, 'content-type'))
    ? ({ maxBytes: STREAM_BYTES_MAX, timeoutMs: STREAM_MS_MAX, onBound: 'truncate' } as const)
    : undefined
}

async function read(
  call: ProtocolCall,
  plan: OperationPlan,
  response: EgressResponse,
  mask: Mask,
  now: number,
): Promise<ProtocolAnswer> {
  const { status } = response
  const isSuccess = (status >= 200 && status < 300) || status === 304
  if (!isSuccess) {
    const error = readFailure(plan, call.settings, accountOf(call), response, now)
    return failureAnswer(error)
  }
  const reading = await readSuccess(plan, response, mask)
  if ('data' in reading) return successAnswer(reading.data, reading.http)
  return failureAnswer(
    {
      code: 'upstream_invalid_response',
      message: `${plan.label} answered ${status} with ${reading.invalid}.`,
      status,
      details: { excerpt: response.body.toString('utf8', 0, EXCERPT_BYTES) },
      retryable: false,
    },
    { http: reading.http },
  )
}

const EXCERPT_BYTES = 1000

function accountOf({ connection, credential }: ProtocolCall) {
  return { ...connection, template: credential.template }
}

function toToolError(error: unknown): ToolError {
  if (!isServiceError(error)) throw error
  const { reason: code, message, details } = error
  return { code, message, ...(details ? { details } : {}), retryable: false }
}

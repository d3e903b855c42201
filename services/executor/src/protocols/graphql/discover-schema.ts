import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { DOCUMENT_BYTES_MAX, type GraphqlDiscovery, ServiceError } from '@executor/contracts'
import type { EgressResponse } from '@executor/egress'
import { type RenderedCredential, renderCredential } from '../credential.ts'
import { createMask } from '../mask.ts'
import type { Access } from '../protocol.ts'
import { INTROSPECTIONS, introspectionQuery } from './introspection.ts'
import { configOf } from './plan.ts'
import { buildRequest } from './request.ts'
import { parseResponse } from './response.ts'

const INTROSPECTION_TIMEOUT_MS = 30_000
/** A refusal is short; what is longer is the schema, and is parsed where it takes nobody's time. */
const REFUSAL_BYTES_MAX = 64 * 1024
const MESSAGES_MAX = 3
const MESSAGE_CHARS_MAX = 300

const compress = promisify(gzip)

/** Asks an endpoint for its schema, in the words of as late a specification as it understands. */
export async function discoverSchema(access: Access): Promise<GraphqlDiscovery> {
  const credential = renderOrThrow(access)
  const mask = createMask(credential.secrets)
  let refusal = ''
  for (const features of INTROSPECTIONS) {
    const answered = await ask(access, credential, introspectionQuery(features))
    assertAnswered(access, answered)
    const response = { ...answered, body: mask.bytes(answered.body) }
    if (response.body.length > REFUSAL_BYTES_MAX) return pack(response)
    const parsed = parseResponse(response)
    if (!parsed) throw notGraphql(access, response)
    if (parsed.data.includes('"__schema"')) return pack(response)
    refusal = parsed.errors.slice(0, MESSAGES_MAX).map(messageOf).join('; ')
  }
  throw new ServiceError(
    'failed_precondition',
    'graphql_introspection_failed',
    `${hostOf(access)} does not tell its schema${refusal && `: ${refusal}`}. Connect an account that may read it, or paste the schema.`,
  )
}

function renderOrThrow(access: Access): RenderedCredential {
  const rendering = renderCredential(access.settings.authMethods, access.credential)
  if (!('credential' in rendering)) throw credentialNeeded(access)
  return rendering.credential
}

function ask(
  { settings, egress, signal }: Access,
  credential: RenderedCredential,
  query: string,
): Promise<EgressResponse> {
  const body = JSON.stringify({ query, operationName: 'IntrospectionQuery' })
  return egress.request({
    ...buildRequest(configOf(settings), credential, body),
    signal,
    retryable: true,
    maxBytes: DOCUMENT_BYTES_MAX,
    timeoutMs: INTROSPECTION_TIMEOUT_MS,
  })
}

function assertAnswered(access: Access, { status }: EgressResponse): void {
  if (status === 401 || status === 403) throw credentialNeeded(access)
  if (status < 500 && status !== 429) return
  throw new ServiceError(
    'unavailable',
    'graphql_introspection_failed',
    `${hostOf(access)} answered ${status} when it was asked for its schema. Try again later.`,
    { details: { status } },
  )
}

async function pack({ body }: EgressResponse): Promise<GraphqlDiscovery> {
  return { schema: (await compress(body)).toString('base64') }
}

/** Not `unauthenticated`: it is the upstream that does not know who asks. */
function credentialNeeded(access: Access): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'graphql_credential_needed',
    `${hostOf(access)} tells its schema only to accounts it knows. Connect one; its tools appear then.`,
  )
}

function notGraphql(access: Access, { status }: EgressResponse): ServiceError {
  return new ServiceError(
    'invalid_argument',
    'graphql_introspection_failed',
    `${hostOf(access)} answered ${status} with something that is no GraphQL response. Check the endpoint: it often ends in /graphql.`,
    { details: { status } },
  )
}

function messageOf(error: unknown): string {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? error.message : ''
  return typeof message === 'string' ? message.slice(0, MESSAGE_CHARS_MAX) : ''
}

function hostOf({ settings }: Access): string {
  return URL.parse(configOf(settings).endpoint)?.host ?? 'The endpoint'
}

import { type HealthCheckResult, isServiceError } from '@executor/contracts'
import type { EgressResponse } from '@executor/egress'
import { renderCredential } from '../credential.ts'
import type { Access } from '../protocol.ts'
import { configOf } from './plan.ts'
import { buildRequest } from './request.ts'
import { parseResponse } from './response.ts'

const CHECK_TIMEOUT_MS = 20_000
/** The least that can be asked of any endpoint. */
const QUESTION = JSON.stringify({ query: '{ __typename }' })

type Finding = Omit<HealthCheckResult, 'checkedAt'>

/**
 * Whether the endpoint lets the credential in. Only one that keeps its schema from strangers can tell:
 * any other may answer everybody.
 */
export async function checkAccess(access: Access, now: () => number): Promise<HealthCheckResult> {
  return { ...(await find(access)), checkedAt: now() }
}

async function find(access: Access): Promise<Finding> {
  const { settings, credential: held, egress, signal } = access
  try {
    const config = configOf(settings)
    if (config.schema !== 'unknown') return UNTOLD
    const rendering = renderCredential(settings.authMethods, held)
    if (!('credential' in rendering))
      return { status: 'degraded', detail: 'The credential is not whole; enter it again.' }
    const request = buildRequest(config, rendering.credential, QUESTION)
    const bounds = { signal, retryable: true, timeoutMs: CHECK_TIMEOUT_MS }
    return judge(await egress.request({ ...request, ...bounds }))
  } catch (error) {
    if (!isServiceError(error) || error.code === 'cancelled') throw error
    return { status: 'degraded', detail: error.message }
  }
}

const UNTOLD: Finding = {
  status: 'unknown',
  detail: 'The endpoint may answer everybody. Choose an operation as its health check.',
}

function judge(response: EgressResponse): Finding {
  const { status: httpStatus } = response
  if (httpStatus === 401 || httpStatus === 403)
    return { status: 'expired', httpStatus, detail: 'The endpoint does not accept the credential.' }
  const answer = parseResponse(response)
  if (answer && answer.errors.length === 0) return { status: 'healthy', httpStatus }
  return {
    status: 'degraded',
    httpStatus,
    detail: `The endpoint answered ${httpStatus} with no data.`,
  }
}

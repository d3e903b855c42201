import type { Handler } from '@executor/bus'
import {
  catalog,
  type executor,
  type HealthCheckResult,
  ServiceError,
  type ToolResult,
} from '@executor/contracts'
import type { Access } from '../protocols/protocol.ts'
import type { HandlerDeps } from '../runs/engine.ts'

const SAMPLE_FIELDS_MAX = 20
const SAMPLE_CHARS_MAX = 200

/** Tries a credential with what changes nothing; records nothing. */
export function probeCredential(deps: HandlerDeps): Handler<typeof executor.probeCredential> {
  const { bus, egress, protocols } = deps
  return async ({ owner, integration, template, values, spec }, { principal, signal }) => {
    const options = { principal, signal }
    const settings = await bus.request(
      catalog.getIntegrationSettings,
      { slug: integration },
      options,
    )
    const access: Access = {
      settings,
      connection: { owner, name: 'probe' },
      credential: { template, values },
      signal,
      egress,
    }
    if (!spec) return protocols.get(settings.kind)?.check?.(access) ?? uncheckable()
    const located = await bus.request(
      catalog.locateTool,
      { integration, owner, connection: 'probe', tool: spec.operation },
      options,
    )
    const detail = await bus.request(
      catalog.readOperation,
      { snapshot: located.snapshot, tool: spec.operation },
      options,
    )
    const protocol = protocols.get(located.kind)
    if (!protocol || !detail.operation.annotations.readOnly) {
      throw new ServiceError(
        'invalid_argument',
        'health_check_writes',
        'A health check may only read.',
      )
    }
    const prepared = protocol.prepare(detail, spec.args ?? {})
    const checkedAt = Date.now()
    if ('failure' in prepared) {
      return { status: 'degraded', checkedAt, detail: prepared.failure.message }
    }
    const answer = await protocol.invoke({
      ...access,
      operation: detail.operation,
      args: prepared.args,
    })
    const result = JSON.parse(answer.json) as ToolResult
    const httpStatus = answer.httpStatus === null ? {} : { httpStatus: answer.httpStatus }
    if (!result.ok) {
      const refused = answer.httpStatus === 401 || answer.httpStatus === 403
      const status = refused ? 'expired' : 'degraded'
      return { status, checkedAt, detail: result.error.message, ...httpStatus }
    }
    const fields = flatten(result.data)
    const identity =
      spec.identityField && fields.find(({ path }) => path === spec.identityField)?.value
    return {
      status: 'healthy',
      checkedAt,
      ...httpStatus,
      ...(identity ? { identity } : {}),
      responseSample: fields.slice(0, SAMPLE_FIELDS_MAX),
    }
  }
}

function uncheckable(): HealthCheckResult {
  return {
    status: 'unknown',
    checkedAt: Date.now(),
    detail: 'This integration has no health check. Choose an operation for it.',
  }
}

const DEPTH_MAX = 3
const FIELDS_MAX = 200

/** Dot paths to the plain values of an answer. */
function flatten(data: unknown): { path: string; value: string }[] {
  const found: { path: string; value: string }[] = []
  const visit = (value: unknown, path: string, depth: number): void => {
    if (found.length >= FIELDS_MAX) return
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      found.push({ path, value: String(value).slice(0, SAMPLE_CHARS_MAX) })
    } else if (typeof value === 'object' && value !== null && depth < DEPTH_MAX) {
      for (const [key, inner] of Object.entries(value)) {
        visit(inner, path ? `${path}.${key}` : key, depth + 1)
      }
    }
  }
  visit(data, '', 0)
  return found
}

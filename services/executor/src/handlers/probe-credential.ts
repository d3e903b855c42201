import type { Handler } from '@executor/bus'
import { catalog, type executor, ServiceError, type ToolResult } from '@executor/contracts'
import type { HandlerDeps } from '../runs/engine.ts'

const SAMPLE_FIELDS_MAX = 20
const SAMPLE_CHARS_MAX = 200

/** Tries a credential with an operation that changes nothing; records nothing. */
export function probeCredential({
  bus,
  egress,
  protocols,
}: HandlerDeps): Handler<typeof executor.probeCredential> {
  return async ({ owner, integration, template, values, spec }, { principal, signal }) => {
    const options = { principal, signal }
    const [settings, located] = await Promise.all([
      bus.request(catalog.getIntegrationSettings, { slug: integration }, options),
      bus.request(
        catalog.locateTool,
        { integration, owner, connection: 'probe', tool: spec.operation },
        options,
      ),
    ])
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
      operation: detail.operation,
      settings,
      connection: { owner, name: 'probe' },
      credential: { template, values },
      args: prepared.args,
      signal,
      egress,
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

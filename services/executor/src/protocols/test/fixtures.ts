import {
  type AuthMethod,
  type IntegrationSettings,
  type JsonObject,
  type OpenapiBinding,
  type OpenapiConfig,
  type OpenapiParameter,
  type Operation,
  ToolFile,
  type ToolResult,
} from '@executor/contracts'
import { createEgress, type Egress } from '@executor/egress'
import type { Protocol, ProtocolAnswer } from '../protocol.ts'

export const egress = createEgress({ allowLocalNetwork: 'loopback' })

export function aParameter(parameter: Partial<OpenapiParameter>): OpenapiParameter {
  const name = parameter.name ?? 'color'
  return { argument: name, name, in: 'query', ...parameter }
}

export function anOperation(
  binding: Partial<OpenapiBinding> = {},
  operation: Partial<Operation> = {},
): Operation {
  const method = binding.method ?? 'GET'
  const readOnly = method === 'GET' || method === 'HEAD'
  return {
    name: 'things.get',
    description: '',
    tags: [],
    annotations: { readOnly, idempotent: false, destructive: false, requiresApproval: !readOnly },
    inputSchema: { type: 'object' },
    binding: { method, path: '/things', parameters: [], responses: [], ...binding },
    ...operation,
  }
}

export function aMethod(method: Partial<AuthMethod> = {}): AuthMethod {
  return { slug: 'key', kind: 'apikey', placements: [], origin: 'detected', ...method }
}

export function someSettings(
  config: Partial<OpenapiConfig> = {},
  authMethods: AuthMethod[] = [],
): IntegrationSettings {
  return {
    slug: 'things',
    kind: 'openapi',
    revision: '1',
    authMethods,
    config: { servers: [], headers: {}, queryParams: {}, ...config },
  }
}

export interface CallOptions {
  origin: string
  binding?: Partial<OpenapiBinding>
  operation?: Partial<Operation>
  config?: Partial<OpenapiConfig>
  authMethods?: AuthMethod[]
  template?: string
  values?: Record<string, string>
  args?: JsonObject
  signal?: AbortSignal
  egress?: Egress
}

/** One call, answered: the envelope and what it parses to. */
export async function call(
  protocol: Protocol,
  options: CallOptions,
): Promise<{ answer: ProtocolAnswer; result: ToolResult }> {
  const { origin, template = 'none', values = {}, args = {} } = options
  const answer = await protocol.invoke({
    operation: anOperation(options.binding, options.operation),
    settings: someSettings({ baseUrl: origin, ...options.config }, options.authMethods),
    connection: { owner: 'org', name: 'main' },
    credential: { template, values },
    args,
    signal: options.signal ?? new AbortController().signal,
    egress: options.egress ?? egress,
  })
  return { answer, result: JSON.parse(answer.json) as ToolResult }
}

export const PNG: ToolFile = ToolFile.parse({
  _tag: 'ToolFile',
  name: 'dot "1".png',
  mimeType: 'image/png',
  encoding: 'base64',
  data: 'iVBORw==',
  byteLength: 4,
})

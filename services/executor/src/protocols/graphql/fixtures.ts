import type {
  AuthMethod,
  GraphqlBinding,
  GraphqlConfig,
  IntegrationSettings,
  JsonObject,
  JsonSchema,
  Operation,
  OperationDetail,
  ToolResult,
} from '@executor/contracts'
import { createEgress } from '@executor/egress'
import type { Access, Protocol, ProtocolAnswer } from '../protocol.ts'

export const egress = createEgress({ allowLocalNetwork: 'loopback' })

const HEAD = 'query user($login: String!) { user(login: $login)'
const DEFAULT = '{ id name }'

export function aBinding(binding: Partial<GraphqlBinding> = {}): GraphqlBinding {
  return {
    operation: 'query',
    field: 'user',
    document: `${HEAD} ${DEFAULT} }`,
    selection: { start: HEAD.length + 1, end: HEAD.length + 1 + DEFAULT.length },
    selectArgument: 'select',
    variables: ['login'],
    ...binding,
  }
}

export function aMutation(): Partial<Operation> {
  return {
    name: 'mutation.rename',
    annotations: { readOnly: false, idempotent: false, destructive: false, requiresApproval: true },
    binding: {
      operation: 'mutation',
      field: 'rename',
      document: 'mutation rename($name: String) { rename(name: $name) }',
      variables: ['name'],
    } satisfies GraphqlBinding,
    inputSchema: {
      type: 'object',
      properties: { name: { type: ['string', 'null'] } },
      additionalProperties: false,
    },
  }
}

export function anOperation(operation: Partial<Operation> = {}): Operation {
  return {
    name: 'query.user',
    description: '',
    tags: [],
    annotations: { readOnly: true, idempotent: true, destructive: false, requiresApproval: false },
    inputSchema: {
      type: 'object',
      properties: { login: { type: 'string' }, select: { type: 'string' } },
      required: ['login'],
      additionalProperties: false,
    },
    binding: aBinding(),
    ...operation,
  }
}

export function aDetail(
  operation: Partial<Operation> = {},
  definitions: Record<string, JsonSchema> = {},
): OperationDetail {
  return { operation: anOperation(operation), definitions }
}

export const BEARER: AuthMethod = {
  slug: 'bearer',
  kind: 'apikey',
  placements: [{ carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }],
  origin: 'custom',
}

export function someSettings(
  config: Partial<GraphqlConfig>,
  authMethods: AuthMethod[] = [BEARER],
): IntegrationSettings {
  return { slug: 'people', kind: 'graphql', revision: '1', authMethods, config }
}

export interface CallOptions {
  endpoint: string
  operation?: Partial<Operation>
  config?: Partial<GraphqlConfig>
  authMethods?: AuthMethod[]
  template?: string
  values?: Record<string, string>
  args?: JsonObject
  signal?: AbortSignal
}

export function anAccess(options: Omit<CallOptions, 'operation' | 'args'>): Access {
  const { endpoint, config, authMethods, template = 'none', values = {} } = options
  return {
    settings: someSettings({ endpoint, ...config }, authMethods),
    connection: { owner: 'org', name: 'main' },
    credential: { template, values },
    signal: options.signal ?? new AbortController().signal,
    egress,
  }
}

/** One call, answered: the envelope and what it parses to. */
export async function call(
  protocol: Protocol,
  options: CallOptions,
): Promise<{ answer: ProtocolAnswer; result: ToolResult }> {
  const answer = await protocol.invoke({
    ...anAccess(options),
    operation: anOperation(options.operation),
    args: options.args ?? { login: 'ada' },
  })
  return { answer, result: JSON.parse(answer.json) as ToolResult }
}

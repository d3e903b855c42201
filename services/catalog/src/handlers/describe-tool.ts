import type { Handler } from '@executor/bus'
import {
  type catalog,
  connections,
  findCoreTool,
  formatAddress,
  formatPath,
  isServiceError,
  type JsonSchema,
  parseAddress,
  policy,
  ServiceError,
  type ToolDescription,
} from '@executor/contracts'
import { z } from 'zod'
import type { CatalogDeps } from '../deps.ts'
import { SizedCache } from '../lru.ts'
import { assertNotHeldBack } from '../review/held-back.ts'
import { errorsToTypeScript } from '../typescript/errors-to-typescript.ts'
import { typeNames } from '../typescript/names.ts'
import { definitionsToTypeScript, schemaToTypeScript } from '../typescript/schema-to-typescript.ts'
import { locateTool } from './locate-tool.ts'
import { suggestTools } from './suggest-tools.ts'

/** Characters of finished descriptions kept in memory. */
const DESCRIPTION_CHARS_MAX = 4_000_000

/** JSON Schema and TypeScript of one tool, with the definitions they reach and no others. */
export function describeTool(deps: CatalogDeps): Handler<typeof catalog.describeTool> {
  const described = new SizedCache<string>(DESCRIPTION_CHARS_MAX)
  const locate = locateTool(deps)
  const suggest = suggestTools(deps)
  return async ({ address }, context) => {
    const tool = findCoreTool(address)
    if (tool) return { json: describeCore(`executor.${tool.name}`, tool) }
    const ref = parseAddress(address)
    const { principal, signal } = context
    const unknown = async () => toolUnknown(address, await suggest({ address }, context))

    // Tools exist per connection: without one there is nothing to describe.
    const key = { owner: ref.owner, integration: ref.integration, name: ref.connection }
    const target = { path: formatPath(ref), requiresApproval: false }
    const [located, connection, decision] = await Promise.all([
      orNull(locate(ref, context)),
      orNull(deps.bus.request(connections.getConnection, key, { principal, signal })),
      // One tool's decision: the rules were prepared where they are.
      deps.bus.request(policy.decide, target, { principal, signal }),
    ])
    if (!located || !connection || decision.action === 'block') throw await unknown()
    const { tenant } = principal
    const { snapshot } = located
    const cacheKey = `${tenant}/${snapshot}/${ref.tool}`
    const known = described.find(cacheKey)
    const body = known ?? (await describe(deps, tenant, snapshot, ref.tool))
    if (body === null) {
      await assertNotHeldBack(deps.store, { tenant, snapshot, tool: ref.tool })
      throw await unknown()
    }
    if (!known) described.set(cacheKey, body, body.length)
    return { json: `{"address":${JSON.stringify(formatAddress(ref))},${body}` }
  }
}

/** Null for what does not exist; every other failure is its caller's. */
async function orNull<T>(found: Promise<T> | T): Promise<T | null> {
  try {
    return await found
  } catch (error) {
    if (isServiceError(error) && error.code === 'not_found') return null
    throw error
  }
}

/** The description without its address: the same for every account. Null when there is no such tool. */
async function describe(
  { snapshots }: CatalogDeps,
  tenant: string,
  snapshot: string,
  tool: string,
): Promise<string | null> {
  const detail = await snapshots.operation(tenant, snapshot, tool, true)
  if (!detail) return null
  const { operation, definitions } = detail
  const { name, description, annotations, inputSchema, outputSchema, errors } = operation
  const names = typeNames(Object.keys(definitions))
  return JSON.stringify({
    name,
    description,
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    ...(errors === undefined ? {} : { errors }),
    schemaDefinitions: definitions,
    inputTypeScript: schemaToTypeScript(inputSchema, { names }),
    outputTypeScript:
      outputSchema === undefined ? 'unknown' : schemaToTypeScript(outputSchema, { names }),
    ...(errors === undefined ? {} : { errorTypeScript: errorsToTypeScript(errors, { names }) }),
    typeScriptDefinitions: definitionsToTypeScript(definitions),
    annotations,
  } satisfies Omit<ToolDescription, 'address'>).slice(1)
}

function describeCore(
  address: string,
  { name, description, input, requiresApproval }: NonNullable<ReturnType<typeof findCoreTool>>,
): string {
  const inputSchema = z.toJSONSchema(input, { io: 'input' }) as JsonSchema
  return JSON.stringify({
    address,
    name,
    description,
    inputSchema,
    schemaDefinitions: {},
    inputTypeScript: schemaToTypeScript(inputSchema),
    outputTypeScript: 'unknown',
    typeScriptDefinitions: {},
    annotations: {
      readOnly: !requiresApproval,
      idempotent: false,
      destructive: false,
      requiresApproval,
    },
  } satisfies ToolDescription)
}

export function toolUnknown(address: string, suggestions: string[]): ServiceError {
  const hint = suggestions.length > 0 ? ` Did you mean ${suggestions.join(', ')}?` : ''
  return new ServiceError('not_found', 'tool_unknown', `There is no tool "${address}".${hint}`, {
    details: { suggestions },
  })
}

import type { OpenapiParameter, OpenapiServer } from '@executor/contracts'
import type { BodyInput } from './body-input.ts'
import { type JsonObject, setOwn, spendText } from './json.ts'
import type { Parameter } from './parts.ts'
import { type Schema, type SchemaContext, toJsonSchema } from './schema.ts'

export interface OperationInput {
  schema: JsonObject
  parameters: OpenapiParameter[]
  /** Every argument with its words, for the search index. */
  fields: { name: string; description?: string }[]
}

/** The flat object of arguments: parameters by name, the body, and what chooses between variants. */
export function toOperationInput(
  parameters: Parameter[],
  body: BodyInput | null,
  servers: OpenapiServer[],
  context: SchemaContext,
): OperationInput {
  const properties: JsonObject = {}
  const required: string[] = []
  const server = toServerSchema(servers)
  const own = [...Object.keys(body?.properties ?? {}), ...(server ? ['server'] : [])]
  const names = nameArguments(parameters, own)
  const fields: OperationInput['fields'] = []
  for (const [index, parameter] of parameters.entries()) {
    const name = names[index] as string
    setOwn(properties, name, toParameterSchema(parameter, context))
    if (parameter.required) required.push(name)
    const { description } = parameter
    fields.push({ name: parameter.name, ...(description ? { description } : {}) })
  }
  for (const [name, schema] of Object.entries(body?.properties ?? {})) properties[name] = schema
  if (server) properties.server = server
  required.push(...(body?.required ?? []))
  return {
    schema: {
      type: 'object',
      properties,
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: false,
    },
    parameters: parameters.map((parameter, index) => toBinding(parameter, names[index] as string)),
    fields: [...fields, ...(body?.fields ?? [])],
  }
}

const PRECEDENCE = ['path', 'query', 'querystring', 'header', 'cookie']

/**
 * A parameter is called what it is called; where two would share a name, the one nearer the start of
 * the URL keeps it and the other says where it goes (`id`, `id_query`).
 */
function nameArguments(
  parameters: readonly Pick<Parameter, 'name' | 'in'>[],
  taken: readonly string[],
): string[] {
  const used = new Set(taken)
  const names: string[] = parameters.map(() => '')
  const order = parameters
    .map((parameter, index) => ({ parameter, index }))
    .sort((a, b) => PRECEDENCE.indexOf(a.parameter.in) - PRECEDENCE.indexOf(b.parameter.in))
  for (const { parameter, index } of order) {
    const { name, in: place } = parameter
    // An argument of this name would be taken for the prototype by whoever copies it carelessly.
    let candidate = name === '__proto__' ? `proto_${place}` : name
    if (used.has(candidate)) candidate = `${name}_${place}`
    for (let count = 2; used.has(candidate); count++) candidate = `${name}_${place}_${count}`
    used.add(candidate)
    names[index] = candidate
  }
  return names
}

function toParameterSchema(parameter: Parameter, context: SchemaContext): Schema {
  const { description, deprecated, example } = parameter
  spendText(context.budget, parameter.name.length + (description?.length ?? 0))
  const schema = toJsonSchema(parameter.schema, { ...context, document: parameter.document }, 1)
  if (typeof schema === 'boolean') return description ? { description } : schema
  if (description) schema.description = description
  if (deprecated) schema.deprecated = true
  if (isScalar(example) && schema.examples === undefined) schema.examples = [example]
  return schema
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function toBinding(parameter: Parameter, argument: string): OpenapiParameter {
  const { name, in: place, required, style, explode, allowReserved, contentType } = parameter
  return {
    argument,
    name,
    in: place,
    ...(required ? { required } : {}),
    ...(style === undefined ? {} : { style }),
    ...(explode === undefined ? {} : { explode }),
    ...(allowReserved === undefined ? {} : { allowReserved }),
    ...(contentType === undefined ? {} : { contentType }),
  }
}

/** An argument only where there is something to choose. */
function toServerSchema(servers: OpenapiServer[]): JsonObject | null {
  const variables = Object.assign(
    {},
    ...servers.map((server) => server.variables ?? {}),
  ) as NonNullable<OpenapiServer['variables']>
  const names = Object.keys(variables)
  if (servers.length < 2 && names.length === 0) return null
  const urls = servers.map((server) => server.url)
  const variableSchemas = names.map((name) => {
    const variable = variables[name]
    const choices = variable?.enum ? { enum: variable.enum } : {}
    return [name, { type: 'string', ...choices, default: variable?.default }] as const
  })
  return {
    type: 'object',
    description: 'Which server to call; the first one, with its defaults, unless given.',
    properties: {
      ...(urls.length > 1 ? { url: { type: 'string', enum: urls, default: urls[0] } } : {}),
      ...(names.length > 0
        ? {
            variables: {
              type: 'object',
              properties: Object.fromEntries(variableSchemas),
              additionalProperties: false,
            },
          }
        : {}),
    },
    additionalProperties: false,
  }
}

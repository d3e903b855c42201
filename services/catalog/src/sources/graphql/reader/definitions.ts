import { type JsonObject, setOwn } from '../../openapi/reader/json.ts'
import type { createRows, HashedDefinition } from '../../openapi/reader/rows.ts'
import { constantOf } from './constant.ts'
import {
  type EnumModel,
  type InputModel,
  type InputObjectModel,
  isRequired,
  type SchemaModel,
  type TypeModel,
  type TypeRef,
} from './model.ts'
import { builtInScalar, customScalar } from './scalars.ts'

/** Where types are turned into schemas: which definitions came up is kept. */
export interface SchemaSide {
  model: SchemaModel
  /** Whether values come from the caller or from the server. */
  side: 'input' | 'output'
  /** Names of the definitions referred to. */
  refs: Set<string>
}

/** The schema of a value of this type; types with a name of their own are referred to. */
export function typeSchema(type: TypeRef, context: SchemaSide): JsonObject {
  return wrap(type.wrappers, () => namedSchema(type.name, context))
}

/** Lists and nullability around a schema; a type that is not required may be null. */
export function wrap(wrappers: TypeRef['wrappers'], inner: () => JsonObject): JsonObject {
  const [first, ...rest] = wrappers
  if (first === 'required') return wrapValue(rest, inner)
  return orNull(wrapValue(wrappers, inner))
}

function wrapValue(wrappers: TypeRef['wrappers'], inner: () => JsonObject): JsonObject {
  const [first, ...rest] = wrappers
  return first === 'list' ? { type: 'array', items: wrap(rest, inner) } : inner()
}

function orNull(schema: JsonObject): JsonObject {
  const { type } = schema
  if (typeof type === 'string') return { ...schema, type: [type, 'null'] }
  if (Array.isArray(type)) return { ...schema, type: [...type, 'null'] }
  return '$ref' in schema ? { anyOf: [schema, { type: 'null' }] } : schema
}

function namedSchema(name: string, { side, refs }: SchemaSide): JsonObject {
  const builtIn = builtInScalar(name, side)
  if (builtIn) return { ...builtIn }
  refs.add(name)
  return { $ref: `#/$defs/${name}` }
}

/** One argument or one field of an input object, with everything a caller should know of it. */
export function inputSchema(input: InputModel, context: SchemaSide): JsonObject {
  const { type, description, deprecation, defaultValue } = input
  const told =
    deprecation === null ? description : joinLines(description, `Deprecated: ${deprecation}`)
  const value = defaultValue === null ? undefined : constantOf(defaultValue)
  return {
    ...typeSchema(type, context),
    ...(told ? { description: told } : {}),
    ...(value === undefined ? {} : { default: value }),
    ...(deprecation === null ? {} : { deprecated: true }),
  }
}

/** An object of inputs: arguments of a field, or fields of an input object. */
export function inputsSchema(inputs: readonly InputModel[], context: SchemaSide): JsonObject {
  const properties: JsonObject = {}
  for (const input of inputs) setOwn(properties, input.name, inputSchema(input, context))
  const required = inputs.filter(isRequired).map(({ name }) => name)
  return {
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  }
}

/** Every definition that `roots` lead to, as rows. */
export function convertDefinitions(
  model: SchemaModel,
  roots: ReadonlySet<string>,
  rows: ReturnType<typeof createRows>,
): HashedDefinition[] {
  const converted = new Map<string, HashedDefinition>()
  const pending = [...roots]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const type = model.types.get(name)
    if (!type || converted.has(name)) continue
    const refs = new Set<string>()
    const schema = definitionOf(type, { model, side: 'input', refs })
    converted.set(name, rows.toDefinitionRow(name, schema, [...refs].sort()))
    pending.push(...refs)
  }
  return [...converted.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function definitionOf(type: TypeModel, context: SchemaSide): JsonObject {
  switch (type.kind) {
    case 'scalar':
      return customScalar(type)
    case 'enum':
      return enumSchema(type)
    case 'input':
      return inputObjectSchema(type, context)
    default:
      // Objects are written where they are selected; none is ever referred to.
      return {}
  }
}

function enumSchema({ description, values }: EnumModel): JsonObject {
  const lines = values.flatMap((value) => {
    const told = value.deprecation === null ? value.description : `deprecated: ${value.deprecation}`
    return told ? [`- ${value.name}: ${told.replace(/\s+/g, ' ')}`] : []
  })
  const told = joinLines(description, lines.join('\n'))
  return {
    type: 'string',
    enum: values.map(({ name }) => name),
    ...(told ? { description: told } : {}),
  }
}

function inputObjectSchema(type: InputObjectModel, context: SchemaSide): JsonObject {
  const described = type.description ? { description: type.description } : {}
  if (!type.isOneOf) return { ...inputsSchema(type.fields, context), ...described }
  const choices = type.fields.map((field) => {
    const given = { ...field, type: required(field.type), defaultValue: null }
    return inputsSchema([given], context)
  })
  return { oneOf: choices, ...described }
}

function required(type: TypeRef): TypeRef {
  if (type.wrappers[0] === 'required') return type
  return { ...type, text: `${type.text}!`, wrappers: ['required', ...type.wrappers] }
}

export function joinLines(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n')
}

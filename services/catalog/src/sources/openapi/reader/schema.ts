import type { Definitions } from './definitions.ts'
import type { DynamicScope } from './dynamic-scope.ts'
import { isShort } from './examples.ts'
import {
  type Budget,
  copyData,
  isObject,
  type JsonObject,
  setOwn,
  spend,
  spendText,
} from './json.ts'
import {
  readCount,
  readDiscriminator,
  readFlag,
  readNameLists,
  readNames,
  readNumber,
  readPattern,
  readPositive,
  readText,
  readType,
} from './keywords.ts'
import { modernize } from './modernize.ts'
import type { SourceDocument } from './source-document.ts'

export type Schema = boolean | JsonObject

/** What converting one row needs, and what it finds out. */
export interface SchemaContext {
  document: SourceDocument
  /** What dynamic anchors mean here; absent: nothing but what they say. */
  scope?: DynamicScope
  definitions: Definitions
  budget: Budget
  /** Definitions the row refers to directly. */
  refs: Set<string>
  /** Those of them that apply to the very same value; `union` where one of several may. */
  sameValue: Map<string, 'whole' | 'union'>
  /** References left out, so that no definition applies to itself without end. */
  cut?: ReadonlyMap<string, 'whole' | 'union'>
}

/** Where a schema stands: `whole` and `union` speak of the row's own value, `inside` of a part. */
type Place = 'inside' | 'whole' | 'union'

/** Converts an OpenAPI schema of any version to JSON Schema 2020-12. */
export function toJsonSchema(
  schema: unknown,
  around: SchemaContext,
  depth = 0,
  place: Place = 'inside',
): Schema {
  if (typeof schema === 'boolean') return schema
  if (!isObject(schema)) return {}
  spend(around.budget, depth)
  const document = around.definitions.enter(around.document, schema)
  const context = document === around.document ? around : { ...around, document }
  const reference = schema.$ref ?? schema.$dynamicRef
  if (typeof reference === 'string') return toReference(schema, reference, context, depth, place)
  return modernize(convertKeywords(schema, context, depth, place), schema)
}

function convertKeywords(
  schema: JsonObject,
  context: SchemaContext,
  depth: number,
  place: Place,
): JsonObject {
  const converted: JsonObject = {}
  for (const key of Object.keys(schema)) {
    const read = KEYWORDS.get(key)
    if (read === undefined) continue
    const value = read(schema[key], context, depth, place)
    if (value === undefined) continue
    if (typeof value === 'string') spendText(context.budget, value.length)
    converted[key] = value
  }
  return converted
}

type ReadKeyword = (value: unknown, context: SchemaContext, depth: number, place: Place) => unknown

/** Everything else is dropped: vendor extensions, XML names, documentation links. */
const KEYWORDS = new Map<string, ReadKeyword>([
  ['type', readType],
  ['title', readText],
  ['description', readText],
  ['format', readText],
  ['enum', readEnum],
  ['const', (value, context, depth) => copyData(value, context.budget, depth)],
  ['default', (value, context, depth) => copyData(value, context.budget, depth)],
  ['deprecated', readFlag],
  ['readOnly', readFlag],
  ['writeOnly', readFlag],
  ['examples', readExamples],
  ['multipleOf', readPositive],
  ['maximum', readNumber],
  ['exclusiveMaximum', readNumber],
  ['minimum', readNumber],
  ['exclusiveMinimum', readNumber],
  ['maxLength', readCount],
  ['minLength', readCount],
  ['pattern', readPattern],
  ['contentEncoding', readText],
  ['contentMediaType', readText],
  ['contentSchema', readSchema],
  ['maxItems', readCount],
  ['minItems', readCount],
  ['uniqueItems', readFlag],
  ['maxContains', readCount],
  ['minContains', readCount],
  ['contains', readSchema],
  ['prefixItems', readSchemaList],
  ['items', readItems],
  ['unevaluatedItems', readSchema],
  ['maxProperties', readCount],
  ['minProperties', readCount],
  ['required', readNames],
  ['dependentRequired', readNameLists],
  ['properties', readSchemaMap],
  ['patternProperties', readPatternMap],
  ['additionalProperties', readSchema],
  ['unevaluatedProperties', readSchema],
  ['propertyNames', readSchema],
  ['dependentSchemas', readSchemaMap],
  ['discriminator', readDiscriminator],
  ['allOf', readSameValueList],
  ['anyOf', readUnion],
  ['oneOf', readUnion],
  ['not', readSchema],
  ['if', readSchema],
  ['then', readSchema],
  ['else', readSchema],
])

function readSchema(value: unknown, context: SchemaContext, depth: number): Schema | undefined {
  if (typeof value !== 'boolean' && !isObject(value)) return undefined
  return toJsonSchema(value, context, depth + 1)
}

function readItems(value: unknown, context: SchemaContext, depth: number): unknown {
  return Array.isArray(value)
    ? readSchemaList(value, context, depth)
    : readSchema(value, context, depth)
}

function readSchemaList(value: unknown, context: SchemaContext, depth: number): unknown {
  if (!Array.isArray(value) || value.length === 0) return undefined
  return value.map((item) => toJsonSchema(item, context, depth + 1))
}

function readSameValueList(
  value: unknown,
  context: SchemaContext,
  depth: number,
  place: Place,
): unknown {
  if (!Array.isArray(value)) return undefined
  const members = value
    .map((item) => toJsonSchema(item, context, depth + 1, place))
    .filter((member) => member !== CUT)
  return members.length === 0 ? undefined : members
}

function readUnion(value: unknown, context: SchemaContext, depth: number, place: Place): unknown {
  return readSameValueList(value, context, depth, place === 'inside' ? 'inside' : 'union')
}

function readSchemaMap(value: unknown, context: SchemaContext, depth: number): unknown {
  if (!isObject(value)) return undefined
  const converted: JsonObject = {}
  for (const key of Object.keys(value)) {
    spendText(context.budget, key.length)
    setOwn(converted, key, toJsonSchema(value[key], context, depth + 1))
  }
  return converted
}

function readPatternMap(value: unknown, context: SchemaContext, depth: number): unknown {
  if (!isObject(value)) return undefined
  const entries = Object.entries(value).filter(([pattern]) => readPattern(pattern) !== undefined)
  return readSchemaMap(Object.fromEntries(entries), context, depth)
}

function readEnum(value: unknown, context: SchemaContext, depth: number): unknown {
  if (!Array.isArray(value) || value.length === 0) return undefined
  return [...new Set(value.map((item) => copyData(item, context.budget, depth)))]
}

function readExamples(value: unknown, context: SchemaContext, depth: number): unknown {
  if (!Array.isArray(value)) return undefined
  const short = value.flatMap((item) => {
    const copy = copyData(item, context.budget, depth)
    return isShort(copy) ? [copy] : []
  })
  return short.length === 0 ? undefined : short
}

/** What may stand beside a `$ref` in 3.0, where constraints beside it mean nothing. */
const ANNOTATIONS = new Set([
  'title',
  'description',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
  'example',
  'examples',
  'nullable',
  'x-nullable',
])
/** Stands for a reference that was left out; recognized by identity. */
const CUT: Schema = {}

function toReference(
  schema: JsonObject,
  reference: string,
  context: SchemaContext,
  depth: number,
  place: Place,
): Schema {
  const { document, scope, definitions, refs, sameValue, cut } = context
  const siblings: JsonObject = {}
  for (const key of Object.keys(schema)) {
    const isAnnotation = ANNOTATIONS.has(key)
    if (isAnnotation || document.dialect === '3.1') setOwn(siblings, key, schema[key])
  }
  const { $ref: _, $dynamicRef: __, ...beside } = siblings
  const converted = convertKeywords(beside, context, depth, place)
  const name =
    schema.$ref === undefined
      ? definitions.dynamicNameOf(document, reference, scope)
      : definitions.nameOf(document, reference, scope)
  if (name === null) return modernize(converted, beside)
  if (place !== 'inside') {
    const cutPlace = cut?.get(name)
    if (cutPlace === 'whole' || cutPlace === place) {
      return Object.keys(converted).length === 0 ? CUT : modernize(converted, beside)
    }
    if (sameValue.get(name) !== 'whole') sameValue.set(name, place)
  }
  refs.add(name)
  return modernize({ $ref: `#/$defs/${name}`, ...converted }, beside)
}

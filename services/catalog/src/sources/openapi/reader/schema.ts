import type { Definitions } from './definitions.ts'
import type { DynamicScope } from './dynamic-scope.ts'
import {
  type Budget,
  copyData,
  isObject,
  type JsonObject,
  ownValue,
  setOwn,
  spend,
  spendText,
} from './json.ts'
import {
  readCount,
  readFlag,
  readNameLists,
  readNames,
  readNumber,
  readPattern,
  readPositive,
  readText,
  readType,
} from './keywords.ts'
import { EXAMPLE_CHARS_MAX } from './limits.ts'
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

function isShort(example: unknown): boolean {
  if (typeof example === 'string') return example.length <= EXAMPLE_CHARS_MAX
  return (JSON.stringify(example) ?? '').length <= EXAMPLE_CHARS_MAX
}

/** Kept as an annotation; its mapping holds names, so that it draws in no other definition. */
function readDiscriminator(value: unknown): unknown {
  const propertyName = isObject(value) ? value.propertyName : value
  if (typeof propertyName !== 'string') return undefined
  const mapping: JsonObject = {}
  if (isObject(value) && isObject(value.mapping)) {
    for (const [key, target] of Object.entries(value.mapping)) {
      if (typeof target === 'string') setOwn(mapping, key, target.split('/').at(-1))
    }
  }
  return Object.keys(mapping).length === 0 ? { propertyName } : { propertyName, mapping }
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

const APPLICATORS = ['$ref', 'allOf', 'anyOf', 'oneOf']

/** Rewrites what OpenAPI 3.0 and Swagger 2.0 say in words of their own. */
function modernize(converted: JsonObject, source: JsonObject): JsonObject {
  // Read to the letter, nothing that the other schemas add would be allowed: that is never meant.
  if (converted.additionalProperties === false && APPLICATORS.some((key) => key in converted)) {
    converted.unevaluatedProperties = false
    delete converted.additionalProperties
  }
  if (converted.additionalProperties === false) dropImpossible(converted)
  if (source.example !== undefined && converted.examples === undefined) {
    if (isPlainExample(source.example)) converted.examples = [source.example]
  }
  if (source.type === 'file') converted.format = 'binary'
  if (source.format === 'byte') converted.contentEncoding ??= 'base64'
  if (source.exclusiveMinimum === true && converted.minimum !== undefined) {
    converted.exclusiveMinimum = converted.minimum
    delete converted.minimum
  }
  if (source.exclusiveMaximum === true && converted.maximum !== undefined) {
    converted.exclusiveMaximum = converted.maximum
    delete converted.maximum
  }
  if (Array.isArray(converted.items)) {
    converted.prefixItems = converted.items
    delete converted.items
  }
  if (source.nullable === true || source['x-nullable'] === true) return toNullable(converted)
  return converted
}

/** What a closed object requires and has no place for cannot be asked of anybody. */
function dropImpossible(converted: JsonObject): void {
  const { required, properties, patternProperties } = converted
  if (!Array.isArray(required) || patternProperties !== undefined) return
  const possible = required.filter((name) => ownValue(properties, name) !== undefined)
  if (possible.length === required.length) return
  if (possible.length > 0) converted.required = possible
  else delete converted.required
}

/** Objects as examples may hide anything; the ones worth showing are short anyway. */
function isPlainExample(example: unknown): boolean {
  if (typeof example === 'object' && example !== null) {
    const values = Object.values(example)
    return (
      values.length <= 20 && values.every((value) => typeof value !== 'object') && isShort(example)
    )
  }
  return isShort(example)
}

const STAYS_OUTSIDE = ['title', 'description', 'default', 'deprecated', 'readOnly', 'writeOnly']

function toNullable(converted: JsonObject): JsonObject {
  const { type } = converted
  if (Array.isArray(converted.enum) && !converted.enum.includes(null)) {
    converted.enum = [...converted.enum, null]
  }
  if (type !== undefined) {
    const types = Array.isArray(type) ? type : [type]
    converted.type = types.includes('null') ? types : [...types, 'null']
  }
  const constrains = ['$ref', 'allOf', 'anyOf', 'oneOf', 'const'].some((key) => key in converted)
  if (!constrains) return converted
  const outside: JsonObject = {}
  for (const key of [...STAYS_OUTSIDE, 'examples']) {
    if (converted[key] === undefined) continue
    outside[key] = converted[key]
    delete converted[key]
  }
  return { ...outside, anyOf: [converted, { type: 'null' }] }
}

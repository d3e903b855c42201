import { isPlainExample } from './examples.ts'
import { type JsonObject, ownValue } from './json.ts'

const APPLICATORS = ['$ref', 'allOf', 'anyOf', 'oneOf']

/** Rewrites what OpenAPI 3.0 and Swagger 2.0 say in words of their own. */
export function modernize(converted: JsonObject, source: JsonObject): JsonObject {
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

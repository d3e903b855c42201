import { extractionFailed } from '../document-error.ts'
import { isObject, type JsonObject, ownValue, setOwn } from '../json.ts'
import { readFlag, readNames, readNumber, readText } from '../keywords.ts'
import { SCHEMA_DEPTH_MAX } from '../limits.ts'

/** Where OpenAPI keeps what Discovery names in its `schemas`. */
export function schemaReference(name: string): string {
  return `#/components/schemas/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/**
 * A schema of a Discovery document, which is JSON Schema's third draft with words of its own: `any`,
 * numbers written as text, `required` on the property itself, and `variant` for a choice.
 */
export function convertSchema(raw: unknown, depth = 0): JsonObject {
  if (depth > SCHEMA_DEPTH_MAX) {
    throw extractionFailed(`a schema nests more than ${SCHEMA_DEPTH_MAX} levels`)
  }
  if (!isObject(raw)) return {}
  if (typeof raw.$ref === 'string') {
    return { $ref: schemaReference(raw.$ref), ...words(raw) }
  }
  const variants = convertVariant(raw.variant)
  return {
    ...convertScalar(raw),
    ...convertObject(raw, depth),
    ...(raw.items === undefined ? {} : { items: convertSchema(raw.items, depth + 1) }),
    ...(variants ?? {}),
  }
}

function convertScalar(raw: JsonObject): JsonObject {
  const type = raw.type === 'any' ? undefined : readText(raw.type)
  const isNumber = type === 'integer' || type === 'number'
  const fallback = convertDefault(raw.default, type)
  const format = readText(raw.format)
  const minimum = isNumber ? readNumber(raw.minimum) : undefined
  const maximum = isNumber ? readNumber(raw.maximum) : undefined
  const values = readNames(raw.enum)
  return {
    ...(type === undefined ? {} : { type }),
    ...words(raw),
    ...(format === undefined ? {} : { format: FORMATS.get(format) ?? format }),
    ...(values === undefined ? {} : { enum: values }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(typeof raw.pattern === 'string' ? { pattern: raw.pattern } : {}),
  }
}

/** Names that JSON Schema has a word for. The others tell an agent enough as they are. */
const FORMATS = new Map([['google-datetime', 'date-time']])

function words(raw: JsonObject): JsonObject {
  const description = describe(raw)
  const title = readText(raw.title)
  const deprecated = readFlag(raw.deprecated)
  const readOnly = readFlag(raw.readOnly)
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(readOnly === undefined ? {} : { readOnly }),
  }
}

/** Longer explanations of values cost an agent more than they tell it. */
const VALUE_WORDS_CHARS_MAX = 2_000

/** What each value of a list means stands beside the list: JSON Schema has no place for it. */
function describe(raw: JsonObject): string | undefined {
  const own = readText(raw.description)
  const values = readNames(raw.enum)
  const meanings = Array.isArray(raw.enumDescriptions) ? raw.enumDescriptions : []
  if (!values || values.length !== meanings.length) return own
  const lines = values.flatMap((value, index) => {
    const meaning = readText(meanings[index])?.trim()
    return meaning ? [`- ${value}: ${meaning}`] : []
  })
  const text = lines.join('\n')
  if (text === '' || text.length > VALUE_WORDS_CHARS_MAX) return own
  return own === undefined ? text : `${own}\n${text}`
}

/** Defaults are text, whatever the type. */
function convertDefault(value: unknown, type: string | undefined): unknown {
  if (typeof value !== 'string') return value
  if (type === 'integer' || type === 'number') return readNumber(value)
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : undefined
  return type === 'string' || type === undefined ? value : undefined
}

function convertObject(raw: JsonObject, depth: number): JsonObject {
  const { properties, additionalProperties } = raw
  const converted: JsonObject = {}
  const required: string[] = []
  if (isObject(properties)) {
    for (const name of Object.keys(properties)) {
      const property = ownValue(properties, name)
      setOwn(converted, name, convertSchema(property, depth + 1))
      if (ownValue(property, 'required') === true) required.push(name)
    }
  }
  return {
    ...(isObject(properties) ? { properties: converted } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(isObject(additionalProperties)
      ? { additionalProperties: convertSchema(additionalProperties, depth + 1) }
      : typeof additionalProperties === 'boolean'
        ? { additionalProperties }
        : {}),
  }
}

/** One of several schemas, told apart by a property; each value of it belongs to one of them. */
function convertVariant(variant: unknown): JsonObject | null {
  const propertyName = ownValue(variant, 'discriminant')
  const map = ownValue(variant, 'map')
  if (typeof propertyName !== 'string' || !Array.isArray(map)) return null
  const choices = map.flatMap((entry) => {
    const value = ownValue(entry, 'type_value')
    const name = ownValue(entry, '$ref')
    return typeof value === 'string' && typeof name === 'string' ? [{ value, name }] : []
  })
  if (choices.length === 0) return null
  return {
    oneOf: choices.map(({ value, name }) => ({
      allOf: [
        { $ref: schemaReference(name) },
        { properties: { [propertyName]: { const: value } }, required: [propertyName] },
      ],
    })),
    discriminator: {
      propertyName,
      mapping: Object.fromEntries(choices.map(({ value, name }) => [value, schemaReference(name)])),
    },
  }
}

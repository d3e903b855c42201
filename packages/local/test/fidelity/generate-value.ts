import { isObject, type JsonObject } from './document.ts'
import { generateText } from './generate-text.ts'
import { type Generation, NoValue } from './generation.ts'
import type { Random } from './random.ts'

const DEPTH_MAX = 12
const OPTIONAL_DEPTH_MAX = 3

/** A value that a schema allows. Throws `NoValue`. */
export function generateValue(schema: unknown, generation: Generation, depth = 0): unknown {
  if (depth > DEPTH_MAX) throw new NoValue('a schema that requires itself')
  if (!isObject(schema)) return generation.isJson ? { any: 'thing' } : 'anything'
  const merged = merge(schema, generation, depth)
  if (merged.const !== undefined) return merged.const
  if (Array.isArray(merged.enum)) return pickEnum(merged.enum, generation.random)
  switch (typeOf(merged)) {
    case 'object':
      return generateObject(merged, generation, depth)
    case 'array':
      return generateArray(merged, generation, depth)
    case 'integer':
    case 'number':
      return generateNumber(merged, generation)
    case 'boolean':
      return generation.random.below(2) === 1
    case 'null':
      return null
    case 'file':
      return generateText({ ...merged, type: 'string', format: 'binary' }, generation)
    case 'string':
      return generateText(merged, generation)
    default:
      return generation.isJson ? { any: 'thing' } : 'anything'
  }
}

function pickEnum(values: unknown[], random: Random): unknown {
  const present = values.filter((value) => value !== null && value !== '')
  return random.pick(present.length > 0 ? present : values)
}

export function typeOf(schema: JsonObject): string | undefined {
  const { type } = schema
  const named = Array.isArray(type) ? type.find((name) => name !== 'null') : type
  if (typeof named === 'string') return named
  if (isObject(schema.properties) || isObject(schema.additionalProperties)) return 'object'
  return schema.items === undefined ? undefined : 'array'
}

/** `allOf` folded together, and one alternative of `oneOf` and `anyOf` with it. */
export function merge(schema: JsonObject, generation: Generation, depth: number): JsonObject {
  if (depth > DEPTH_MAX) throw new NoValue('a schema that is made of itself')
  const parts: JsonObject[] = []
  for (const part of list(schema.allOf)) parts.push(merge(part, generation, depth + 1))
  const { allOf: _, oneOf, anyOf, ...own } = schema
  parts.push(own)
  const alternatives = [...list(oneOf), ...list(anyOf)].filter((part) => part.type !== 'null')
  const [first] = alternatives
  if (first) parts.push(merge(pickAlternative(alternatives, own), generation, depth + 1))
  const all: JsonObject = {}
  for (const part of parts) Object.assign(all, part, joinObjects(all, part))
  return all
}

/** The first that says more than which fields are there. */
function pickAlternative(alternatives: JsonObject[], own: JsonObject): JsonObject {
  const [first] = alternatives as [JsonObject]
  if (own.properties === undefined) return first
  return alternatives.find((part) => Array.isArray(part.required)) ?? first
}

function joinObjects(one: JsonObject, other: JsonObject): JsonObject {
  const joined: JsonObject = {}
  if (isObject(one.properties) && isObject(other.properties))
    joined.properties = { ...one.properties, ...other.properties }
  if (Array.isArray(one.required) && Array.isArray(other.required))
    joined.required = [...new Set([...one.required, ...other.required])]
  return joined
}

function list(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function generateObject(schema: JsonObject, generation: Generation, depth: number): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {}
  const required = new Set(names(schema.required))
  const value: JsonObject = {}
  const most = Number(schema.maxProperties ?? Number.POSITIVE_INFINITY)
  for (const [name, property] of Object.entries(properties)) {
    if (Object.keys(value).length >= most && !required.has(name)) continue
    if (property === false || (isObject(property) && property.readOnly === true)) continue
    if (!required.has(name) && isLeftOut(generation, depth)) continue
    try {
      const generated = generateValue(property, generation, depth + 1)
      if (generated !== undefined) value[name] = generated
    } catch (error) {
      if (required.has(name) || !(error instanceof NoValue)) throw error
    }
  }
  if (schema.additionalProperties !== false)
    for (const name of required)
      if (properties[name] === undefined && value[name] === undefined) value[name] = 'required'
  addOthers(schema, value, generation, depth)
  return value
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
}

function isLeftOut({ shape, random }: Generation, depth: number): boolean {
  if (shape === 'least') return true
  return depth >= OPTIONAL_DEPTH_MAX || (depth > 0 && random.below(3) === 0)
}

/** Keys of a map, where a map is all that is described; and as many keys as are asked for. */
function addOthers(
  schema: JsonObject,
  value: JsonObject,
  generation: Generation,
  depth: number,
): void {
  const { additionalProperties, properties, minProperties = 0 } = schema
  const isMap = isObject(additionalProperties) && Object.keys(value).length === 0
  const wanted = Math.max(Number(minProperties), isMap && generation.shape !== 'least' ? 2 : 0)
  const known = Object.entries(isObject(properties) ? properties : {})
  for (const [name, property] of known)
    if (Object.keys(value).length < wanted && value[name] === undefined)
      value[name] = generateValue(property, generation, depth + 1)
  if (additionalProperties === false) return
  const inner = isObject(additionalProperties) ? additionalProperties : { type: 'string' }
  for (let count = Object.keys(value).length; count < wanted; count++)
    value[nameKey(schema, count, generation)] = generateValue(inner, generation, depth + 1)
}

function nameKey({ propertyNames }: JsonObject, count: number, generation: Generation): string {
  const plain = { ...generation, shape: 'plain' as const }
  return isObject(propertyNames) ? generateText(propertyNames, plain) : `key${count}`
}

function generateArray(schema: JsonObject, generation: Generation, depth: number): unknown[] {
  const { minItems = 0, maxItems = 3, uniqueItems } = schema
  const wished = generation.shape === 'least' || depth >= OPTIONAL_DEPTH_MAX ? 1 : 2
  const count = Math.min(Math.max(Number(minItems), wished), Number(maxItems))
  const items: unknown[] = []
  const seen = new Set<string>()
  for (let tries = 0; items.length < count && tries < count * 4; tries++) {
    const item = generateValue(schema.items ?? {}, generation, depth + 1)
    const text = JSON.stringify(item)
    if (uniqueItems === true && seen.has(text)) continue
    seen.add(text)
    items.push(item)
  }
  if (items.length < Number(minItems)) throw new NoValue('a list of more items than differ')
  return items
}

function generateNumber(schema: JsonObject, { random, shape }: Generation): number {
  const isInteger = typeOf(schema) === 'integer'
  const least = Number(schema.minimum ?? (shape === 'strange' ? -3 : 1))
  const most = Number(schema.maximum ?? Math.max(least, 0) + 100)
  const step = Number(schema.multipleOf ?? 1)
  const low =
    schema.exclusiveMinimum !== undefined
      ? Math.max(least, Number(schema.exclusiveMinimum) || least) + 1
      : least
  const high = schema.exclusiveMaximum !== undefined ? most - 1 : most
  const start = Math.ceil(low / step) * step
  const span = Math.max(0, Math.floor((high - start) / step))
  const value = start + random.below(Math.min(span, 1000) + 1) * step
  const isWhole = isInteger || schema.multipleOf !== undefined || shape !== 'strange'
  return isWhole || value + 0.25 > high ? value : value + 0.25
}

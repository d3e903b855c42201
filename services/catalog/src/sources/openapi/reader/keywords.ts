import { isObject, type JsonObject, setOwn } from './json.ts'
import { PATTERN_CHARS_MAX } from './limits.ts'

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])
/** What documents write where they mean one of JSON Schema's types. */
const TYPE_ALIASES = new Map([
  ['int', 'integer'],
  ['long', 'integer'],
  ['float', 'number'],
  ['double', 'number'],
  ['decimal', 'number'],
  ['bool', 'boolean'],
  ['date', 'string'],
  ['datetime', 'string'],
  ['uuid', 'string'],
  ['text', 'string'],
  ['file', 'string'],
  ['list', 'array'],
  ['map', 'object'],
])

/** JSON Schema's spelling of a type, or nothing: an unknown type says nothing. */
export function readType(value: unknown): string | string[] | undefined {
  if (typeof value === 'string') {
    const lower = value.toLowerCase()
    return TYPES.has(lower) ? lower : TYPE_ALIASES.get(lower)
  }
  if (!Array.isArray(value)) return undefined
  const types = value.flatMap((item) => readType(item) ?? [])
  const distinct = [...new Set(types)]
  return distinct.length === 0 ? undefined : distinct.length === 1 ? distinct[0] : distinct
}

export function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function readFlag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

export function readNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

export function readCount(value: unknown): number | undefined {
  const number = readNumber(value)
  return number !== undefined && Number.isInteger(number) && number >= 0 ? number : undefined
}

export function readPositive(value: unknown): number | undefined {
  const number = readNumber(value)
  return number !== undefined && number > 0 ? number : undefined
}

export function readNames(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const names = value.filter((name): name is string => typeof name === 'string')
  return names.length === 0 ? undefined : [...new Set(names)]
}

export function readNameLists(value: unknown): Record<string, string[]> | undefined {
  if (!isObject(value)) return undefined
  const entries = Object.entries(value).map(
    ([key, names]) => [key, readNames(names) ?? []] as const,
  )
  return Object.fromEntries(entries)
}

/** Patterns that validators would refuse to compile are left out: the rest of the schema holds. */
export function readPattern(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > PATTERN_CHARS_MAX) return undefined
  try {
    new RegExp(value, 'u')
    return value
  } catch {
    return undefined
  }
}

/** Kept as an annotation; its mapping holds names, so that it draws in no other definition. */
export function readDiscriminator(value: unknown): unknown {
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

import { isObject, type JsonObject } from '../../openapi/reader/json.ts'
import { NAME_CHARS_MAX } from '../../openapi/reader/limits.ts'
import { introspectionFailed } from './failures.ts'
import { TYPES_MAX, WRAPPERS_MAX } from './limits.ts'
import type { TypeModel, TypeRef } from './model.ts'

export type Kinds = ReadonlyMap<string, TypeModel['kind'] | undefined>

const KINDS: Readonly<Record<string, TypeModel['kind'] | undefined>> = {
  SCALAR: 'scalar',
  ENUM: 'enum',
  OBJECT: 'object',
  INTERFACE: 'interface',
  UNION: 'union',
  INPUT_OBJECT: 'input',
}
const NAME = /^[_A-Za-z][_0-9A-Za-z]*$/

/** Names beginning with two underscores belong to introspection itself. */
export function isName(name: unknown): name is string {
  return (
    typeof name === 'string' &&
    name.length <= NAME_CHARS_MAX &&
    NAME.test(name) &&
    !name.startsWith('__')
  )
}

export function rawTypes(schema: JsonObject): Map<string, JsonObject> {
  const listed = list(schema.types)
  if (listed.length > TYPES_MAX)
    throw introspectionFailed(`The schema has more than ${TYPES_MAX} types.`)
  const types = new Map<string, JsonObject>()
  for (const type of listed) {
    if (!isName(type.name) || types.has(type.name)) continue
    if (Object.hasOwn(KINDS, String(type.kind))) types.set(type.name, type)
  }
  return types
}

/** What sort of type stands behind each name. */
export function kindsOf(raw: ReadonlyMap<string, JsonObject>): Kinds {
  return new Map([...raw].map(([name, type]) => [name, KINDS[String(type.kind)]]))
}

/** Undefined where it leads to nothing, or to nothing of the right sort. */
export function readReference(
  raw: unknown,
  kinds: Kinds,
  side: 'input' | 'output',
): TypeRef | undefined {
  const wrappers: ('list' | 'required')[] = []
  let type = raw
  while (isObject(type) && (type.kind === 'LIST' || type.kind === 'NON_NULL')) {
    if (type.kind === 'LIST') wrappers.push('list')
    else if (wrappers.at(-1) !== 'required') wrappers.push('required')
    if (wrappers.length > WRAPPERS_MAX) return undefined
    type = type.ofType
  }
  const name = isObject(type) ? type.name : undefined
  if (!isName(name) || !(side === 'input' ? isInput : isOutput)(kinds.get(name))) return undefined
  return { name, wrappers, text: typeText(name, wrappers) }
}

/** By interface: the objects that say they implement it. */
export function findImplementers(raw: ReadonlyMap<string, JsonObject>): Map<string, string[]> {
  const implementers = new Map<string, string[]>()
  for (const [name, type] of raw) {
    if (type.kind !== 'OBJECT') continue
    for (const { name: implemented } of list(type.interfaces)) {
      const known = implementers.get(String(implemented))
      if (known) known.push(name)
      else implementers.set(String(implemented), [name])
    }
  }
  return implementers
}

function isOutput(kind: TypeModel['kind'] | undefined): boolean {
  return kind !== undefined && kind !== 'input'
}

function isInput(kind: TypeModel['kind'] | undefined): boolean {
  return kind === 'scalar' || kind === 'enum' || kind === 'input'
}

function typeText(name: string, wrappers: readonly ('list' | 'required')[]): string {
  let written = name
  for (const wrapper of wrappers.toReversed())
    written = wrapper === 'list' ? `[${written}]` : `${written}!`
  return written
}

export function deprecation(raw: JsonObject): string | null {
  if (raw.isDeprecated !== true) return null
  return text(raw.deprecationReason) || 'No longer supported'
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

export function list(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

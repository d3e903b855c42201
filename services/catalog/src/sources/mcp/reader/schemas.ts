import { textHash } from '../../openapi/reader/canonical-hash.ts'
import { isObject, type JsonObject, setOwn } from '../../openapi/reader/json.ts'
import { SCHEMA_DEPTH_MAX } from '../../openapi/reader/limits.ts'
import type { createRows, HashedDefinition } from '../../openapi/reader/rows.ts'
import { toolUnreadable } from './failures.ts'

/** The schemas of one snapshot: each tool's own definitions become shared ones. */
export interface Schemas {
  /** The schema with every reference leading to a shared definition; `refs` has their names. */
  convert(schema: unknown, tool: string): { schema: JsonObject; refs: string[] }
  rows(): HashedDefinition[]
}

const POINTER = /^#(?:\/(.*))?$/s
const NAME_CHARS_MAX = 120

/**
 * Schemas come whole, one to a tool, and refer to places within themselves. Those places are stored
 * once, so that whoever reads one operation finds what it reaches. Everything else stays as it is.
 */
export function createSchemas(rows: ReturnType<typeof createRows>): Schemas {
  const definitions = new Map<string, HashedDefinition>()
  /** By content: equal definitions of many tools are one. */
  const names = new Map<string, string>()
  const taken = new Set<string>()

  function nameFor(wished: string, content: string): string {
    const known = names.get(content)
    if (known !== undefined) return known
    const base = toPlainName(wished)
    let name = base
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`
    taken.add(name)
    names.set(content, name)
    return name
  }

  return {
    convert(given, tool) {
      const root = isObject(given) ? given : {}
      const shared = new Map<string, string>()
      let rootHash: string | null = null

      /** What a place says, and, where it leads on, in which schema. */
      function contentOf(target: unknown): string {
        const text = JSON.stringify(target)
        if (!text.includes('"$ref"')) return text
        rootHash ??= textHash(JSON.stringify(root))
        return `${rootHash} ${text}`
      }

      function share(pointer: string): string | null {
        const known = shared.get(pointer)
        if (known !== undefined) return known
        const target = find(root, pointer)
        if (target === undefined) return null
        const name = nameFor(pointer.split('/').at(-1) || tool, contentOf(target))
        shared.set(pointer, name)
        if (!definitions.has(name)) {
          // Those that refer to themselves find their name taken.
          definitions.set(name, { name, json: 'true', refs: [], hash: '' })
          const inner = convertSchema(target, tool, share)
          definitions.set(name, rows.toDefinitionRow(name, inner.schema, inner.refs))
        }
        return name
      }

      return convertSchema(root, tool, share)
    },
    rows: () => [...definitions.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** Keywords that hold data, in which nothing is a schema. */
const DATA = new Set(['const', 'default', 'enum', 'example', 'examples'])
/** Keywords that hold schemas by name. */
const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas'])
const OWN_DEFINITIONS = new Set(['$defs', 'definitions'])

type Place = 'root' | 'schema' | 'names'

function convertSchema(
  root: unknown,
  tool: string,
  nameOf: (pointer: string) => string | null,
): { schema: JsonObject; refs: string[] } {
  const refs = new Set<string>()

  function visit(value: unknown, place: Place, depth: number): unknown {
    if (depth > SCHEMA_DEPTH_MAX) throw toolUnreadable(tool, 'its schema nests too deep')
    if (Array.isArray(value)) return value.map((item) => visit(item, 'schema', depth + 1))
    if (!isObject(value)) return value
    const converted: JsonObject = {}
    for (const [key, inner] of Object.entries(value)) {
      if (place === 'names') setOwn(converted, key, visit(inner, 'schema', depth + 1))
      else if (place === 'root' && OWN_DEFINITIONS.has(key)) continue
      else if (key === '$ref') refer(converted, inner)
      else if (DATA.has(key)) setOwn(converted, key, inner)
      else setOwn(converted, key, visit(inner, NAMED.has(key) ? 'names' : 'schema', depth + 1))
    }
    return converted
  }

  function refer(converted: JsonObject, reference: unknown): void {
    const name = referenced(reference, nameOf)
    if (name === null) return
    refs.add(name)
    converted.$ref = `#/$defs/${name}`
  }

  const schema = visit(root, 'root', 0)
  return { schema: isObject(schema) ? schema : {}, refs: [...refs].sort() }
}

/** Null for what leads nowhere: a reference to another document is no help to anybody. */
function referenced(reference: unknown, nameOf: (pointer: string) => string | null): string | null {
  const pointer = typeof reference === 'string' ? POINTER.exec(reference) : null
  return pointer ? nameOf(pointer[1] ?? '') : null
}

function find(root: JsonObject, pointer: string): unknown {
  if (pointer === '') return root
  let current: unknown = root
  for (const part of pointer.split('/').map(decodePart)) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part))
      return undefined
    current = (current as JsonObject)[part]
  }
  return current
}

function decodePart(part: string): string {
  const text = part.replaceAll('~1', '/').replaceAll('~0', '~')
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone percent sign is a name like any other.
    return text
  }
}

/** Names go into `#/$defs/…` and into object keys: nothing in them may need escaping or mean more. */
function toPlainName(wished: string): string {
  const plain = decodePart(wished)
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .slice(0, NAME_CHARS_MAX)
  return plain === '' || plain === '_' || plain in Object.prototype ? 'schema' : plain
}

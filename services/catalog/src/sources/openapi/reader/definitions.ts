import { createHash } from 'node:crypto'
import type { Documents } from './documents.ts'
import { type DynamicScope, enterScope, locateDynamic, scopeKey } from './dynamic-scope.ts'
import { type JsonObject, ownValue } from './json.ts'
import { pointerKeys } from './pointer.ts'
import type { Located, SourceDocument } from './source-document.ts'

const NAME_CHARS_MAX = 120

/** A schema that others refer to: stored once, under a name. */
export interface PendingDefinition {
  name: string
  target: Located
  /** What dynamic anchors mean in it. */
  scope: DynamicScope
}

export interface Definitions {
  /** The definition a reference leads to, which is then stored too; null when it leads nowhere. */
  nameOf(from: SourceDocument, reference: string, scope?: DynamicScope): string | null
  /** The same for a `$dynamicRef`. */
  dynamicNameOf(from: SourceDocument, reference: string, scope?: DynamicScope): string | null
  /** What the references of a schema start from. */
  enter(from: SourceDocument, schema: unknown): SourceDocument
  /** Definitions that were named and not yet taken, in the order in which they were named. */
  take(): PendingDefinition | undefined
  /** The name of a definition of our own, kept apart from the document's. */
  ownName(name: string, schema: JsonObject): string
}

export function createDefinitions(documents: Documents): Definitions {
  const names = createNames(documents.main)
  const byPlace = new Map<string, string>()
  const byTarget = new Map<Located, Map<string, string>>()
  const pending: PendingDefinition[] = []
  let taken = 0

  function nameOf(from: SourceDocument, reference: string, scope?: DynamicScope): string | null {
    return nameTarget(documents.locate(from, reference), scope)
  }

  function nameTarget(target: Located | null, scope: DynamicScope = new Map()): string | null {
    if (!target) return null
    const key = scopeKey(documents, target, scope)
    const known = byTarget.get(target)?.get(key)
    if (known !== undefined) return known
    const { document, pointer } = target
    const isMain = document === documents.main
    const place = `${isMain ? '' : document.url}#${pointer}${key === '' ? '' : ` ${key}`}`
    let name = byPlace.get(place)
    if (name === undefined) {
      const suggestion = suggestName(pointer, document, isMain)
      name = names.nameFor(place, key === '' ? suggestion : `${suggestion}_${key}`)
      byPlace.set(place, name)
      pending.push({ name, target, scope: enterScope(target, key === '' ? undefined : scope) })
    }
    const ofTarget = byTarget.get(target) ?? new Map<string, string>()
    byTarget.set(target, ofTarget.set(key, name))
    return name
  }

  function ownName(suggestion: string, schema: JsonObject): string {
    const place = `own ${suggestion}`
    const known = byPlace.get(place)
    if (known !== undefined) return known
    const name = names.nameFor(place, suggestion)
    byPlace.set(place, name)
    const target = { document: documents.main, pointer: '', value: schema }
    pending.push({ name, target, scope: new Map() })
    return name
  }

  return {
    nameOf,
    dynamicNameOf: (from, reference, scope) =>
      nameTarget(locateDynamic(documents, from, reference, scope), scope),
    enter: documents.enter,
    ownName,
    take: () => pending[taken++],
  }
}

/** Component names are kept as they are; whatever else is hoisted makes way for them. */
function createNames(main: SourceDocument) {
  const components = ownValue(ownValue(main.root, 'components'), 'schemas')
  const reserved = new Set<string>()
  for (const holder of [components, ownValue(main.root, 'definitions')]) {
    if (typeof holder === 'object' && holder !== null) {
      for (const key of Object.keys(holder)) if (isPlainName(key)) reserved.add(key)
    }
  }
  const used = new Set<string>()
  return {
    nameFor(place: string, suggestion: string): string {
      const isComponent = /^#\/(components\/schemas|definitions)\/[^/]+$/.test(place)
      const plain = toPlainName(suggestion)
      const free =
        !used.has(plain) && (!reserved.has(plain) || (isComponent && plain === suggestion))
      const name = free ? plain : `${plain}_${digest(place)}`
      used.add(name)
      return name
    },
  }
}

function suggestName(pointer: string, document: SourceDocument, isMain: boolean): string {
  const keys = pointerKeys(pointer)
  const [first, second, third] = keys
  if (keys.length === 3 && first === 'components' && second === 'schemas') return third ?? ''
  if (keys.length === 2 && (first === 'definitions' || first === '$defs')) return second ?? ''
  if (isMain) return keys.filter((key) => !UNTELLING.has(key)).join('.')
  return (
    keys.at(-1) ??
    document.url
      ?.split('/')
      .at(-1)
      ?.replace(/\.(json|ya?ml)$/, '') ??
    ''
  )
}
const UNTELLING = new Set(['components', 'schemas', 'schema', 'paths', 'properties', 'content'])

/** Names go into `#/$defs/…` and into object keys: nothing in them may need escaping or mean more. */
function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9._-]{1,120}$/.test(name) && !(name in Object.prototype)
}

function toPlainName(suggestion: string): string {
  if (isPlainName(suggestion)) return suggestion
  const cleaned = suggestion.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, NAME_CHARS_MAX)
  if (cleaned === '' || cleaned === '_') return 'schema'
  return cleaned in Object.prototype ? `${cleaned}_` : cleaned
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6)
}

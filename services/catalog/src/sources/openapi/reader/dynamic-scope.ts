import { createHash } from 'node:crypto'
import type { Documents } from './documents.ts'
import { isObject, ownValue } from './json.ts'
import type { Located, SourceDocument } from './source-document.ts'

/**
 * What a `$dynamicAnchor` means where one schema stands inside another: the outermost that bears it.
 * It is how JSON Schema has generic types: a page of anything, whose items the user of it names.
 */
export type DynamicScope = ReadonlyMap<string, Located>

const NO_SCOPE: DynamicScope = new Map()
/** Schemas looked at to find out whether a definition depends on its scope. */
const VISITS_MAX = 20_000

/** The scope inside a definition: its own anchors, but for those that are taken further out. */
export function enterScope({ document, pointer, value }: Located, outer = NO_SCOPE): DynamicScope {
  const own = new Map<string, Located>()
  const add = (anchor: unknown, located: Located) => {
    if (typeof anchor === 'string' && !outer.has(anchor)) own.set(anchor, located)
  }
  add(ownValue(value, '$dynamicAnchor'), { document, pointer, value })
  const definitions = ownValue(value, '$defs')
  for (const [name, schema] of Object.entries(isObject(definitions) ? definitions : {})) {
    const inner = { document, pointer: `${pointer}/$defs/${escapeToken(name)}`, value: schema }
    add(ownValue(schema, '$dynamicAnchor'), inner)
  }
  return own.size === 0 ? outer : new Map([...outer, ...own])
}

/** Where a `$dynamicRef` leads: as its scope says, else as a `$ref` would. */
export function locateDynamic(
  documents: Documents,
  from: SourceDocument,
  reference: string,
  scope = NO_SCOPE,
): Located | null {
  return scope.get(anchorOf(reference)) ?? documents.locate(from, reference)
}

/** What tells two uses of a definition apart; empty where every scope makes the same of it. */
export function scopeKey(documents: Documents, target: Located, scope = NO_SCOPE): string {
  if (scope.size === 0) return ''
  const used = [...findDynamic(documents, target)].filter((anchor) => scope.has(anchor)).sort()
  // What it bears itself and nobody bears further out is its own affair.
  const foreign = used.filter((anchor) => !isWithin(scope.get(anchor), target))
  if (foreign.length === 0) return ''
  const places = foreign.map((anchor) => {
    const place = scope.get(anchor)
    return [anchor, place?.document.url, place?.pointer]
  })
  return createHash('sha256').update(JSON.stringify(places)).digest('hex').slice(0, 6)
}

function isWithin(anchor: Located | undefined, { document, pointer }: Located): boolean {
  return anchor?.document === document && `${anchor.pointer}/`.startsWith(`${pointer}/`)
}

/** The anchors that a schema, or one it refers to, asks for. */
function findDynamic(documents: Documents, target: Located): Set<string> {
  const found = new Set<string>()
  const seen = new Set<unknown>()
  const pending: { document: SourceDocument; value: unknown }[] = []
  const follow = ({ document, base = document, value }: Located) =>
    pending.push({ document: base, value })
  follow(target)
  for (let next = pending.pop(); next && seen.size < VISITS_MAX; next = pending.pop()) {
    const { value } = next
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    const document = documents.enter(next.document, value)
    seen.add(value)
    const dynamic = ownValue(value, '$dynamicRef')
    if (typeof dynamic === 'string') found.add(anchorOf(dynamic))
    const reference = ownValue(value, '$ref')
    const referred = typeof reference === 'string' ? documents.locate(document, reference) : null
    if (referred) follow(referred)
    for (const child of Object.values(value)) pending.push({ document, value: child })
  }
  return found
}

function anchorOf(reference: string): string {
  return reference.slice(reference.indexOf('#') + 1)
}

function escapeToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

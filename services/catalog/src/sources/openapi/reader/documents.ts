import { isObject, type JsonObject, ownValue } from './json.ts'
import { REFERENCE_HOPS_MAX } from './limits.ts'

/** One file of a description: the one that was asked for, or one that it refers to. */
export interface SourceDocument {
  /** Where its relative references start from; null for pasted text. */
  url: string | null
  root: JsonObject
  /** `3.0` ignores what stands beside a `$ref`; 3.1 and later do not. Swagger 2.0 counts as 3.0. */
  dialect: '3.0' | '3.1'
}

/** A value and the document it stands in, which decides what its own references mean. */
export interface Located {
  document: SourceDocument
  pointer: string
  value: unknown
}

/** A value that is an object, and the document it stands in. */
export interface LocatedObject {
  document: SourceDocument
  value: JsonObject
}

export interface Documents {
  main: SourceDocument
  /** Where a reference leads; null when nothing is there, or its document was not read yet. */
  locate(from: SourceDocument, reference: string): Located | null
  /** Follows a value that may be a reference object to what it stands for. */
  resolve(from: SourceDocument, value: unknown): LocatedObject | null
  /** Documents that a reference led to and that were not there. */
  missing: Set<string>
  /** References that lead nowhere. */
  dangling: Set<string>
  /** Files it refers to by a relative address, where nobody knows where the document belongs. */
  unplaced: Set<string>
}

export function createDocuments(main: SourceDocument, others: SourceDocument[]): Documents {
  const byUrl = new Map<string, SourceDocument>()
  for (const document of [main, ...others]) if (document.url) byUrl.set(document.url, document)
  const anchors = new Map<SourceDocument, Map<string, Located>>()
  const located = new Map<SourceDocument, Map<string, Located | null>>()
  const missing = new Set<string>()
  const dangling = new Set<string>()
  const unplaced = new Set<string>()

  function anchorsOf(document: SourceDocument): Map<string, Located> {
    const known = anchors.get(document)
    if (known) return known
    const found = findAnchors(document)
    anchors.set(document, found)
    return found
  }

  function findDocument(from: SourceDocument, path: string): SourceDocument | 'unread' | null {
    if (path === '' || path === from.url) return from
    const url = toAbsolute(path, from.url)
    if (url === null) {
      if (from.url !== null || URL.canParse(path)) return null
      unplaced.add(path)
      return 'unread'
    }
    const document = byUrl.get(url)
    if (document) return document
    missing.add(url)
    return 'unread'
  }

  function locate(from: SourceDocument, reference: string): Located | null {
    const known = located.get(from) ?? new Map<string, Located | null>()
    located.set(from, known)
    const before = known.get(reference)
    if (before !== undefined) return before
    const found = search(from, reference)
    known.set(reference, found)
    return found
  }

  function search(from: SourceDocument, reference: string): Located | null {
    const [path = '', fragment = ''] = splitOnce(reference, '#')
    const identified = path === '' ? undefined : findIdentified(from, path)
    if (identified) return findWithin(identified, fragment)
    const document = findDocument(from, path)
    if (document === 'unread') return null
    const found = document && find(document, fragment)
    if (!found) dangling.add(reference)
    return found
  }

  /** A schema that calls itself by this address (`$id`), however the address is written. */
  function findIdentified(from: SourceDocument, path: string): Located | undefined {
    const known = [from, main].flatMap((document) => anchorsOf(document).get(`id:${path}`) ?? [])
    const absolute = known.length > 0 ? null : toAbsolute(path, from.url)
    return known[0] ?? (absolute === null ? undefined : anchorsOf(main).get(`id:${absolute}`))
  }

  function findWithin({ document, pointer, value }: Located, fragment: string): Located | null {
    if (fragment === '') return { document, pointer, value }
    if (!fragment.startsWith('/')) return find(document, fragment)
    return findPointer(document, `${encodeURI(pointer)}${fragment}`)
  }

  function find(document: SourceDocument, fragment: string): Located | null {
    if (fragment === '' || fragment.startsWith('/')) return findPointer(document, fragment)
    return anchorsOf(document).get(`anchor:${decode(fragment)}`) ?? null
  }

  function resolve(from: SourceDocument, value: unknown): LocatedObject | null {
    let document = from
    let current = value
    for (let hops = 0; hops < REFERENCE_HOPS_MAX; hops++) {
      if (!isObject(current)) return null
      if (typeof current.$ref !== 'string') return { document, value: current }
      const target = locate(document, current.$ref)
      if (!target) return null
      document = target.document
      current = target.value
    }
    return null
  }

  return { main, locate, resolve, missing, dangling, unplaced }
}

/** Follows a JSON pointer (RFC 6901) as it stands in a URL fragment. */
function findPointer(document: SourceDocument, fragment: string): Located | null {
  const tokens = fragment === '' ? [] : fragment.slice(1).split('/')
  const path: string[] = []
  let value: unknown = document.root
  for (const token of tokens) {
    const key = [unescapeToken(decode(token)), unescapeToken(token), token].find((name) =>
      has(value, name),
    )
    if (key === undefined) return null
    value = (value as JsonObject)[key]
    path.push(key)
  }
  return { document, value, pointer: formatPointer(path) }
}

function has(value: unknown, key: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Array.isArray(value)
    ? /^\d+$/.test(key) && Number(key) < value.length
    : Object.hasOwn(value, key)
}

/** Writes a JSON pointer; the empty path is the whole document. */
function formatPointer(path: readonly string[]): string {
  return path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** Splits a JSON pointer into the keys it goes through. */
export function pointerKeys(pointer: string): string[] {
  return pointer === '' ? [] : pointer.slice(1).split('/').map(unescapeToken)
}

function unescapeToken(token: string): string {
  return token.includes('~') ? token.replaceAll('~1', '/').replaceAll('~0', '~') : token
}

function decode(token: string): string {
  if (!token.includes('%')) return token
  try {
    return decodeURIComponent(token)
  } catch {
    // A name with a bare percent sign is no URI encoding: it stands for itself.
    return token
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}

function toAbsolute(path: string, base: string | null): string | null {
  const url = URL.parse(path, base ?? undefined)
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null
}

/** Schemas of a document that name themselves with `$anchor`, `$dynamicAnchor` or `$id`. */
function findAnchors(document: SourceDocument): Map<string, Located> {
  const found = new Map<string, Located>()
  const schemas = ownValue(ownValue(document.root, 'components'), 'schemas')
  const start = isObject(schemas) ? { value: schemas, path: ['components', 'schemas'] } : null
  const pending: { value: unknown; path: string[] }[] = [
    start ?? { value: document.root, path: [] },
  ]
  for (let visits = 0; pending.length > 0 && visits < ANCHOR_VISITS_MAX; visits++) {
    const { value, path } = pending.pop() as { value: unknown; path: string[] }
    if (typeof value !== 'object' || value === null || path.length > ANCHOR_DEPTH_MAX) continue
    if (isObject(value)) {
      const located = { document, value, pointer: formatPointer(path) }
      for (const name of [value.$anchor, value.$dynamicAnchor]) {
        const key = `anchor:${String(name)}`
        if (typeof name === 'string' && !found.has(key)) found.set(key, located)
      }
      if (typeof value.$id === 'string') {
        found.set(`id:${value.$id}`, located)
        const absolute = toAbsolute(value.$id, document.url)
        if (absolute !== null) found.set(`id:${absolute}`, located)
      }
    }
    const entries = Object.entries(value)
    for (const [key, child] of entries.reverse())
      pending.push({ value: child, path: [...path, key] })
  }
  return found
}
const ANCHOR_VISITS_MAX = 1_000_000
const ANCHOR_DEPTH_MAX = 64

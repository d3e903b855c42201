import { findIdentified, type Identified } from './identified.ts'
import { isObject, type JsonObject, ownValue } from './json.ts'
import { REFERENCE_HOPS_MAX } from './limits.ts'
import { formatPointer, unescapeToken } from './pointer.ts'
import {
  type Located,
  type LocatedObject,
  type SourceDocument,
  toAbsolute,
} from './source-document.ts'

export interface Documents {
  main: SourceDocument
  /** Where a reference leads; null when nothing is there, or its document was not read yet. */
  locate(from: SourceDocument, reference: string): Located | null
  /** Follows a value that may be a reference object to what it stands for. */
  resolve(from: SourceDocument, value: unknown): LocatedObject | null
  /** What the references of a schema start from: itself, where it has a `$id`. */
  enter(from: SourceDocument, schema: unknown): SourceDocument
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
  const byId = new Map<unknown, SourceDocument>()
  for (const document of others) byId.set(document.root.$id, document)
  const identified = new Map<SourceDocument, Identified>()
  const located = new Map<SourceDocument, Map<string, Located | null>>()
  const missing = new Set<string>()
  const dangling = new Set<string>()
  const unplaced = new Set<string>()

  function identifiedIn(document: SourceDocument): Identified {
    const known = identified.get(document)
    if (known) return known
    const found = findIdentified(document)
    identified.set(document, found)
    return found
  }

  function enter(from: SourceDocument, schema: unknown): SourceDocument {
    if (from.dialect !== '3.1' || typeof ownValue(schema, '$id') !== 'string') return from
    return identifiedIn(fileOf(from)).resources.get(schema) ?? from
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
    // An address on another site is a name, and no place to read files from.
    const file = fileOf(from)
    if (file !== from && !isSameOrigin(url, file.url)) return findDocument(file, path)
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
    const schema = path === '' ? undefined : findById(from, path)
    if (schema) return findWithin(schema, fragment)
    const document = findDocument(from, path)
    if (document === 'unread') return null
    const found = document && find(document, fragment)
    if (found) return found
    // Many who give schemas an address refer to the components of the file all the same.
    if (from.within && path === '') return locate(from.within.document, reference)
    dangling.add(reference)
    return null
  }

  /** A schema that calls itself by this address (`$id`), however the address is written. */
  function findById(from: SourceDocument, path: string): Located | undefined {
    const absolute = toAbsolute(path, from.url)
    const addresses = absolute === null ? [path] : [absolute, path]
    for (const address of addresses) {
      for (const document of new Set([fileOf(from), main])) {
        const found = identifiedIn(document).located.get(`id:${address}`)
        if (found) return found
      }
      const document = byId.get(address)
      if (document) return { document, pointer: '', value: document.root }
    }
    return undefined
  }

  function findWithin(located: Located, fragment: string): Located | null {
    return fragment === '' ? located : find(located.base ?? located.document, fragment)
  }

  function find(document: SourceDocument, fragment: string): Located | null {
    if (fragment !== '' && !fragment.startsWith('/'))
      return identifiedIn(document).located.get(`anchor:${decode(fragment)}`) ?? null
    const { document: file, pointer } = document.within ?? { document, pointer: '' }
    const found = findPointer(file, `${encodeURI(pointer)}${fragment}`)
    if (!found) return null
    const { identifiedBy, ...located } = found
    return identifiedBy ? { ...located, base: enter(file, identifiedBy) } : located
  }

  function resolve(from: SourceDocument, value: unknown): LocatedObject | null {
    let document = from
    let current = value
    for (let hops = 0; hops < REFERENCE_HOPS_MAX; hops++) {
      if (!isObject(current)) return null
      if (typeof current.$ref !== 'string') return { document, value: current }
      const target = locate(document, current.$ref)
      if (!target) return null
      document = target.base ?? target.document
      current = target.value
    }
    return null
  }

  return { main, locate, resolve, enter, missing, dangling, unplaced }
}

function fileOf(document: SourceDocument): SourceDocument {
  return document.within?.document ?? document
}

/** Follows a JSON pointer as it stands in a URL fragment; tells of the last value with a `$id`. */
function findPointer(
  document: SourceDocument,
  fragment: string,
): (Located & { identifiedBy: unknown }) | null {
  const tokens = fragment === '' ? [] : fragment.slice(1).split('/')
  const path: string[] = []
  let value: unknown = document.root
  let identifiedBy = identifiedOf(value)
  for (const token of tokens) {
    const key = [unescapeToken(decode(token)), unescapeToken(token), token].find((name) =>
      has(value, name),
    )
    if (key === undefined) return null
    value = (value as JsonObject)[key]
    identifiedBy = identifiedOf(value) ?? identifiedBy
    path.push(key)
  }
  return { document, value, pointer: formatPointer(path), identifiedBy }
}

function identifiedOf(value: unknown): unknown {
  return typeof ownValue(value, '$id') === 'string' ? value : undefined
}

function has(value: unknown, key: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Array.isArray(value)
    ? /^\d+$/.test(key) && Number(key) < value.length
    : Object.hasOwn(value, key)
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

function isSameOrigin(url: string, base: string | null): boolean {
  return base !== null && new URL(url).origin === new URL(base).origin
}

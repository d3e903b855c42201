import { createHash } from 'node:crypto'
import { filledText, ownValue } from './json.ts'
import { NAME_CHARS_MAX } from './limits.ts'
import type { RawOperation } from './parts.ts'

/**
 * Names every operation `group.leaf`, as clients of the reference expect them: the group is the first
 * tag, else the first telling path segment; the leaf is the operation id without its group, else made
 * from method and path. Operations that would share a name get their API version, then their method,
 * then a hash in it. Depends on nothing but the operations themselves, in whatever order they come.
 */
export function nameOperations(operations: readonly RawOperation[]): string[] {
  const drafts = operations.map(toDraft)
  separate(drafts, ({ version, group, leaf, name }) =>
    version === undefined ? name : `${group}.${version}.${leaf}`,
  )
  separate(drafts, (draft) => `${prefix(draft)}.${draft.leaf}${toPascalCase(draft.method)}`)
  separate(
    drafts,
    (draft) => `${prefix(draft)}.${draft.leaf}${toPascalCase(draft.method)}${draft.hash}`,
  )
  separate(drafts, ({ name, identity }) => `${name}_${digest(identity)}`)
  return drafts.map(({ name }) => name)
}

interface Draft {
  name: string
  group: string
  leaf: string
  version: string | undefined
  method: string
  hash: string
  identity: string
}

function toDraft({ method, path, value }: RawOperation): Draft {
  const verb = method.toLowerCase()
  const id = filledText(value.operationId) ?? idFromPath(verb, path)
  const tags = Array.isArray(value.tags) ? value.tags : []
  const tag = tags.map(filledText).find((text) => text !== undefined)
  const group = tag === undefined ? groupFromPath(path) : toCamelCase(tag)
  const leaf = leafFromId(id, group) ?? leafFromPath(verb, path, group)
  const identity = JSON.stringify({ method: verb, operationId: id, path })
  return {
    name: bounded(readToolPath(value) ?? `${group}.${leaf}`, identity),
    group: group.slice(0, NAME_CHARS_MAX / 4),
    leaf: leaf.slice(0, NAME_CHARS_MAX / 2),
    version: segmentsOf(path)
      .map((segment) => segment.toLowerCase())
      .find(isVersion),
    method: verb,
    hash: shortHash(identity),
    identity,
  }
}

/** Gives each operation of every shared name the name that `rename` makes of it. */
function separate(drafts: readonly Draft[], rename: (draft: Draft) => string): void {
  const byName = new Map<string, Draft[]>()
  for (const draft of drafts) {
    const sharing = byName.get(draft.name)
    if (sharing) sharing.push(draft)
    else byName.set(draft.name, [draft])
  }
  for (const sharing of byName.values()) {
    if (sharing.length > 1) for (const draft of sharing) draft.name = rename(draft)
  }
}

/** A document's own choice of a name: `x-executor-toolPath`. */
function readToolPath(operation: Record<string, unknown>): string | undefined {
  const chosen = filledText(ownValue(operation, 'x-executor-toolPath'))
  const segments = chosen?.split('.').map((segment) => segment.replace(/[^\w$-]+/g, '_'))
  return segments?.every((segment) => segment !== '') ? segments.join('.') : undefined
}

function prefix({ group, version }: Draft): string {
  return version === undefined ? group : `${group}.${version}`
}

function idFromPath(verb: string, path: string): string {
  const id = `${verb}_${path.replace(/[^a-zA-Z0-9]+/g, '_')}`.replace(/^_+|_+$/g, '')
  return id || `${verb}_operation`
}

function groupFromPath(path: string): string {
  const segment = segmentsOf(path).find((part) => !isVersion(part) && isTelling(part))
  return segment === undefined ? 'root' : toCamelCase(segment)
}

/** `issues/create` and `issues.create` lose the group they start with. */
function leafFromId(id: string, group: string): string | null {
  const [first, ...rest] = id
    .split(/[/.]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const seed =
    first !== undefined && rest.length > 0 && toCamelCase(first) === group ? rest.join(' ') : id
  const leaf = toCamelCase(seed)
  return leaf === group ? null : leaf
}

function leafFromPath(verb: string, path: string, group: string): string {
  const parts = segmentsOf(path)
    .filter((segment) => !isVersion(segment) && isTelling(segment))
    .map(toCamelCase)
    .filter((part) => part !== group)
  return toCamelCase(`${verb}${parts.map(toPascalCase).join('') || 'Operation'}`)
}

function segmentsOf(path: string): string[] {
  return path
    .split('/')
    .map((segment) => segment.trim())
    .filter((segment) => segment !== '')
}

function isVersion(segment: string): boolean {
  return /^v\d+(?:[._-]\d+)?$/i.test(segment)
}

function isTelling(segment: string): boolean {
  return segment.toLowerCase() !== 'api' && !(segment.startsWith('{') && segment.endsWith('}'))
}

/** Splitting takes quadratic time on long runs of capitals. */
const WORDS_CHARS_MAX = 400

/** `GetHTTPStatus`, `get-http-status` and `get_http_status` are all `getHttpStatus`. */
export function toCamelCase(text: string): string {
  const words = text
    .slice(0, WORDS_CHARS_MAX)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z0-9]+)/g, '$1 $2')
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
  if (words.length === 0) return 'tool'
  return words.map((word, index) => (index === 0 ? word : capitalize(word))).join('')
}

function toPascalCase(text: string): string {
  return capitalize(toCamelCase(text))
}

function capitalize(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}

function bounded(name: string, identity: string): string {
  return name.length <= NAME_CHARS_MAX
    ? name
    : `${name.slice(0, NAME_CHARS_MAX - 9)}_${digest(identity)}`
}

/** Thirty-two bits, in the eight characters that names made by the reference end in. */
function shortHash(text: string): string {
  let hash = 0
  for (let index = 0; index < text.length; index++) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0
  }
  return Math.abs(hash).toString(36).padStart(8, '0').slice(0, 8)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

import type { FieldChange, JsonObject, JsonSchema, OperationDetail } from '@executor/contracts'
import { showText, showTexts } from './shown-text.ts'

/** Fields of one operation that are shown. */
const FIELDS_MAX = 40
/** Values looked at to find them: schemas may lead to thousands of definitions. */
const VALUES_MAX = 20_000
const DEPTH_MAX = 60
const REFERENCE = '#/$defs/'

export interface FieldDiff {
  fields: FieldChange[]
  isCut: boolean
}

/**
 * What an operation says differently, field by field. References are followed on both sides, so that
 * a change in a definition is found where it matters, and a definition's name is no change.
 */
export function diffOperations(before: OperationDetail, after: OperationDetail): FieldDiff {
  const walk = new Walk(before.definitions, after.definitions)
  walk.compare('', toParts(before), toParts(after), 0)
  return { fields: walk.fields, isCut: walk.isCut }
}

/** Plain values: no references. */
export function diffValues(before: unknown, after: unknown): FieldChange[] {
  const walk = new Walk({}, {})
  walk.compare('', before, after, 0)
  return walk.fields
}

/** A binding is its kind's own; what people know it by stands first. */
function toParts({ operation }: OperationDetail): JsonObject {
  const { binding, name: _, tags, ...said } = operation
  const { method, path, ...rest } = isObject(binding) ? binding : {}
  return { ...said, tags: tags ?? [], method, path, binding: rest }
}

class Walk {
  readonly fields: FieldChange[] = []
  isCut = false
  #visits = 0
  readonly #followed = new Set<string>()
  readonly #before: Record<string, JsonSchema>
  readonly #after: Record<string, JsonSchema>

  constructor(before: Record<string, JsonSchema>, after: Record<string, JsonSchema>) {
    this.#before = before
    this.#after = after
  }

  compare(path: string, a: unknown, b: unknown, depth: number): void {
    if (a === b || this.isCut) return
    if (++this.#visits > VALUES_MAX || depth > DEPTH_MAX) {
      this.isCut = true
      return
    }
    if (isObject(a) && isObject(b)) this.#compareObjects(path, a, b, depth)
    else if (Array.isArray(a) && Array.isArray(b) && (a.some(isContainer) || b.some(isContainer))) {
      for (let at = 0; at < Math.max(a.length, b.length); at++)
        this.compare(join(path, String(at)), a[at], b[at], depth + 1)
    } else this.#note(path, a, b)
  }

  #compareObjects(path: string, a: JsonObject, b: JsonObject, depth: number): void {
    const { $ref: from, ...ofA } = a
    const { $ref: to, ...ofB } = b
    const isFollowed = isReference(from) || isReference(to)
    const [left, right] = isFollowed ? [ofA, ofB] : [a, b]
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)]))
      this.compare(join(path, key), left[key], right[key], depth + 1)
    if (!isFollowed) return
    if (!isReference(from) || !isReference(to)) {
      this.#note(join(path, '$ref'), from, to)
      return
    }
    const pair = `${from}\n${to}`
    if (this.#followed.has(pair)) return
    this.#followed.add(pair)
    const target = (definitions: Record<string, JsonSchema>, reference: string) =>
      definitions[reference.slice(REFERENCE.length)]
    this.compare(path, target(this.#before, from), target(this.#after, to), depth + 1)
  }

  #note(path: string, a: unknown, b: unknown): void {
    const [before, after] = [toText(a), toText(b)]
    if (before === after) return
    if (this.fields.length === FIELDS_MAX) {
      this.isCut = true
      return
    }
    const texts =
      before !== undefined && after !== undefined
        ? showTexts(before, after)
        : {
            ...(before === undefined ? {} : { before: showText(before) }),
            ...(after === undefined ? {} : { after: showText(after) }),
          }
    this.fields.push({ path: showText(path), ...texts })
  }
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function isReference(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(REFERENCE)
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function isObject(value: unknown): value is JsonObject {
  return isContainer(value) && !Array.isArray(value)
}

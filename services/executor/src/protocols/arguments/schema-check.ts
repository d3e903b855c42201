import type { JsonSchema } from '@executor/contracts'
import { ARRAY_RULES } from './array-rules.ts'
import { COMBINING_RULES } from './combining-rules.ts'
import { OBJECT_RULES } from './object-rules.ts'
import { type Checker, isKeywords, type Keywords, type Place, type Rule } from './rule.ts'
import { SCALAR_RULES } from './scalar-rules.ts'

/** What is wrong with one place of a value. */
export interface Problem {
  /** `body.labels[0]`; empty for the value itself. */
  path: string
  message: string
}

/** Schema nodes visited before a check gives up: schemas of strangers may branch without end. */
const STEPS_MAX = 100_000
const DEPTH_MAX = 200
const PROBLEMS_MAX = 10

/**
 * Checks a value against a JSON Schema (2020-12), reading the schema as it goes. Schemas come from
 * strangers: nothing is compiled, every step is counted, and where the count runs out, or the schema
 * is broken, the value passes and the upstream has the last word. For the same reason `oneOf` asks
 * for one match or more: descriptions overlap, servers do not mind.
 */
export function checkSchema(
  schema: JsonSchema,
  definitions: Readonly<Record<string, JsonSchema>>,
  value: unknown,
): Problem[] {
  const check = new SchemaCheck(schema, definitions)
  if (check.passes(schema, value)) return []
  return new SchemaCheck(schema, definitions).problems(schema, value)
}

class Unbounded extends Error {
  override readonly name = 'Unbounded'
}

const RULES: ReadonlyMap<string, Rule> = new Map([
  ...COMBINING_RULES,
  ...SCALAR_RULES,
  ...OBJECT_RULES,
  ...ARRAY_RULES,
])

class SchemaCheck implements Checker {
  readonly #root: JsonSchema
  readonly #definitions: Readonly<Record<string, JsonSchema>>
  #steps = 0
  /** Absent while only yes or no is asked for. */
  #problems: Problem[] | undefined

  constructor(root: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>) {
    this.#root = root
    this.#definitions = definitions
  }

  passes(schema: JsonSchema, value: unknown): boolean {
    try {
      return this.check(schema, value, null, 0)
    } catch (error) {
      if (error instanceof Unbounded) return true
      throw error
    }
  }

  problems(schema: JsonSchema, value: unknown): Problem[] {
    this.#problems = []
    try {
      this.check(schema, value, null, 0)
    } catch (error) {
      if (!(error instanceof Unbounded)) throw error
    }
    return this.#problems
  }

  check(schema: unknown, value: unknown, place: Place | null, depth: number): boolean {
    this.spend(1)
    if (depth > DEPTH_MAX) throw new Unbounded('too deep')
    if (schema === false) return this.fail(place, 'is not accepted')
    if (!isKeywords(schema)) return true
    const at = { schema, place, depth }
    let passed = true
    for (const keyword in schema) {
      const rule = RULES.get(keyword)
      if (!rule || rule(this, schema[keyword], value, at)) continue
      passed = false
      if (!this.#problems || this.#problems.length >= PROBLEMS_MAX) return false
    }
    return passed
  }

  spend(steps: number): void {
    this.#steps += steps
    if (this.#steps > STEPS_MAX) throw new Unbounded('too much work')
  }

  asks(schema: unknown, value: unknown, depth: number): boolean {
    const problems = this.#problems
    this.#problems = undefined
    try {
      return this.check(schema, value, null, depth)
    } finally {
      this.#problems = problems
    }
  }

  fail(place: Place | null, message: string): false {
    this.#problems?.push({ path: this.#problems ? formatPlace(place) : '', message })
    return false
  }

  resolve(reference: unknown): unknown {
    if (typeof reference !== 'string' || !reference.startsWith('#')) return true
    if (reference === '#') return this.#root
    const [, first, name, ...rest] = reference.split('/').map(decodePointer)
    if (first === '$defs' && name !== undefined && Object.hasOwn(this.#definitions, name))
      return descend(this.#definitions[name], rest)
    return descend(this.#root, [first ?? '', ...(name === undefined ? [] : [name]), ...rest])
  }
}

function decodePointer(token: string): string {
  const unescaped = token.replaceAll('~1', '/').replaceAll('~0', '~')
  if (!unescaped.includes('%')) return unescaped
  try {
    return decodeURIComponent(unescaped)
  } catch {
    return unescaped
  }
}

function descend(schema: unknown, tokens: readonly string[]): unknown {
  let current = schema
  for (const token of tokens) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, token))
      return true
    current = (current as Keywords)[token]
  }
  return current
}

function formatPlace(place: Place | null): string {
  if (!place) return ''
  const before = formatPlace(place.parent)
  if (typeof place.key === 'number') return `${before}[${place.key}]`
  return before === '' ? place.key : `${before}.${place.key}`
}

/** Where a value stands in the arguments, innermost first. */
export interface Place {
  parent: Place | null
  key: string | number
}

/** What a rule may ask of the check that it is part of. */
export interface Checker {
  check(schema: unknown, value: unknown, place: Place | null, depth: number): boolean
  /** The same question without a report. */
  asks(schema: unknown, value: unknown, depth: number): boolean
  /** Reports, and answers no. */
  fail(place: Place | null, message: string): false
  /** What a `$ref` points at; what is not there constrains nothing. */
  resolve(reference: unknown): unknown
  /** Counts work beyond one step per schema. */
  spend(steps: number): void
}

export type Keywords = Record<string, unknown>

/** The schema whose keyword is looked at, and where its value stands. */
export interface At {
  schema: Keywords
  place: Place | null
  depth: number
}

/** Judges one keyword. A keyword that is itself malformed constrains nothing. */
export type Rule = (check: Checker, operand: unknown, value: unknown, at: At) => boolean
export type Rules = readonly (readonly [keyword: string, rule: Rule])[]

export function isKeywords(schema: unknown): schema is Keywords {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema)
}

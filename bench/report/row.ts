/** One line of the report: what was measured, and what it may be. */
export interface Row {
  what: string
  measured: number
  unit: Unit
  budget: number | null
  /** Null where there is no budget. */
  isMet: boolean | null
}

export type Unit = 'ms' | 'µs' | 'MB' | '/s' | '×'

/** A figure that is the better the lower it is. */
export function atMost(what: string, measured: number, unit: Unit, budget?: number): Row {
  return { what, measured, unit, ...judge(budget, (limit) => measured <= limit) }
}

/** A figure that is the better the higher it is. */
export function atLeast(what: string, measured: number, unit: Unit, budget?: number): Row {
  return { what, measured, unit, ...judge(budget, (limit) => measured >= limit) }
}

function judge(budget: number | undefined, isMet: (limit: number) => boolean) {
  return budget === undefined ? { budget: null, isMet: null } : { budget, isMet: isMet(budget) }
}

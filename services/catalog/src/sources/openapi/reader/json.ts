import { extractionFailed } from './document-error.ts'
import { ROW_CHARS_MAX, ROW_NODES_MAX, SCHEMA_DEPTH_MAX } from './limits.ts'

export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Names come from strangers: `__proto__` must become a property like any other. */
export function setOwn(target: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  } else {
    target[key] = value
  }
}

/** A property that is the object's own; never `constructor` and its like. */
export function ownValue(target: unknown, key: string): unknown {
  return isObject(target) && Object.hasOwn(target, key) ? target[key] : undefined
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}

/** Text with something in it. */
export function filledText(value: unknown): string | undefined {
  const text = textOf(value)?.trim()
  return text ? text : undefined
}

/** Counts what one row holds: YAML aliases can make a small document endless. */
export interface Budget {
  nodes: number
  chars: number
}

export function createBudget(): Budget {
  return { nodes: 0, chars: 0 }
}

export function spendText(budget: Budget, chars: number): void {
  budget.chars += chars
  if (budget.chars > ROW_CHARS_MAX) {
    throw extractionFailed(
      `one schema expands to more than ${ROW_CHARS_MAX / 1_000_000} million characters; YAML aliases that repeat each other do that`,
    )
  }
}

export function spend(budget: Budget, depth: number): void {
  if (++budget.nodes > ROW_NODES_MAX) {
    throw extractionFailed(
      `one schema expands to more than ${ROW_NODES_MAX} values; YAML aliases that repeat each other do that`,
    )
  }
  if (depth > SCHEMA_DEPTH_MAX) {
    throw extractionFailed(
      `a schema nests more than ${SCHEMA_DEPTH_MAX} levels; use a $ref where it contains itself`,
    )
  }
}

/** Copies a literal (a default, an example), within the row's budget. */
export function copyData(value: unknown, budget: Budget, depth: number): unknown {
  if (typeof value === 'string') spendText(budget, value.length)
  if (typeof value !== 'object' || value === null) return value
  spend(budget, depth)
  if (Array.isArray(value)) return value.map((item) => copyData(item, budget, depth + 1))
  const copy: JsonObject = {}
  for (const key of Object.keys(value)) {
    spendText(budget, key.length)
    setOwn(copy, key, copyData((value as JsonObject)[key], budget, depth + 1))
  }
  return copy
}

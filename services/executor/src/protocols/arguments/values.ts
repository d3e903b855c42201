export function countCharacters(text: string): number {
  let length = 0
  for (const _ of text) length += 1
  return length
}

export function isMultiple(value: number, step: number): boolean {
  const quotient = value / step
  return Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, Math.abs(quotient))
}

export function isOfType(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    case 'integer':
      // Beyond 2^53 JavaScript has no number for it; the digits as text are the whole value.
      return Number.isInteger(value) || (typeof value === 'string' && /^-?\d{16,20}$/.test(value))
    case 'boolean':
      return typeof value === 'boolean'
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    case 'null':
      return value === null
    default:
      return Array.isArray(type) && type.some((one) => isOfType(one, value))
  }
}

/** Text that holds a file: a `ToolFile` may stand for it. */
export function isFileSchema(schema: Record<string, unknown>): boolean {
  const { format, contentMediaType, contentEncoding } = schema
  return (
    format === 'binary' ||
    format === 'byte' ||
    contentMediaType !== undefined ||
    contentEncoding !== undefined
  )
}

export function isToolFile(value: unknown): boolean {
  return isObject(value) && value._tag === 'ToolFile'
}

export function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return false
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, inner]) => [key, sorted(inner)])
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { EXAMPLE_CHARS_MAX } from './limits.ts'

/** Examples are there to be looked at. */
export function isShort(example: unknown): boolean {
  if (typeof example === 'string') return example.length <= EXAMPLE_CHARS_MAX
  return (JSON.stringify(example) ?? '').length <= EXAMPLE_CHARS_MAX
}

/** Objects as examples may hide anything; the ones worth showing are short anyway. */
export function isPlainExample(example: unknown): boolean {
  if (typeof example === 'object' && example !== null) {
    const values = Object.values(example)
    return (
      values.length <= 20 && values.every((value) => typeof value !== 'object') && isShort(example)
    )
  }
  return isShort(example)
}

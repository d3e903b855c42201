import { NESTING_MAX } from '../limits.ts'

const QUOTE = 34
const BACKSLASH = 92

/** Whether JSON text is nested deeper than may leave the sandbox; a text too short for it is not read. */
export function isTooDeep(json: string): boolean {
  if (json.length <= 2 * NESTING_MAX) return false
  let depth = 0
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) at = closingQuote(json, at)
    // `[` and `{`, `]` and `}`: the same but for one bit.
    else if ((code | 0x20) === 0x7b) depth += 1
    else if ((code | 0x20) === 0x7d) depth -= 1
    if (depth > NESTING_MAX) return true
  }
  return false
}

function closingQuote(json: string, open: number): number {
  let at = json.indexOf('"', open + 1)
  while (at > 0 && isEscaped(json, at)) at = json.indexOf('"', at + 1)
  return at < 0 ? json.length : at
}

function isEscaped(json: string, at: number): boolean {
  let before = at - 1
  while (json.charCodeAt(before) === BACKSLASH) before -= 1
  return (at - before) % 2 === 0
}

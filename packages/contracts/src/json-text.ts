/** Levels that are indented; what lies deeper is written on one line, or indentation would be most of it. */
const INDENTED_LEVELS_MAX = 24
const INDENT = '  '

/** Levels of a value that may travel as JSON; the engine's own writer fails somewhere beyond 4,000. */
export const JSON_LEVELS_MAX = 1_000

export interface JsonText {
  text: string
  /** There is more to the value than this. */
  isCut: boolean
}

interface Level {
  /** Of an object, in order; null for an array. */
  keys: string[] | null
  holder: unknown[] | Record<string, unknown>
  next: number
  isEmpty: boolean
}

/**
 * JSON for people to read, as `JSON.stringify(value, null, 2)` writes it, and no more of it than
 * `charsMax`: the work is bounded by what is shown, however large or deep the value is.
 */
export function toJsonText(value: unknown, charsMax: number): JsonText {
  const levels: Level[] = []
  let text = ''

  function put(child: unknown): void {
    if (typeof child !== 'object' || child === null) {
      text += scalar(child, charsMax - text.length)
      return
    }
    const keys = Array.isArray(child) ? null : Object.keys(child)
    text += keys ? '{' : '['
    levels.push({ keys, holder: child as Level['holder'], next: 0, isEmpty: true })
  }

  put(value)
  for (let level = levels.at(-1); level && text.length <= charsMax; level = levels.at(-1)) {
    const { keys, holder } = level
    const isIndented = levels.length <= INDENTED_LEVELS_MAX
    if (level.next >= (keys ?? (holder as unknown[])).length) {
      levels.pop()
      if (isIndented && !level.isEmpty) text += `\n${INDENT.repeat(levels.length)}`
      text += keys ? '}' : ']'
      continue
    }
    const index = level.next++
    const key = keys?.[index]
    const child = key === undefined ? (holder as unknown[])[index] : (holder as Fields)[key]
    // Absent, as far as JSON is concerned; in an array it has a place nevertheless.
    if (keys && child === undefined) continue
    if (!level.isEmpty) text += ','
    level.isEmpty = false
    if (isIndented) text += `\n${INDENT.repeat(levels.length)}`
    if (key !== undefined) text += `${scalar(key, charsMax)}:${isIndented ? ' ' : ''}`
    put(child)
  }
  return { text: text.slice(0, charsMax), isCut: text.length > charsMax }
}

type Fields = Record<string, unknown>

/** Of a long string only what could still be shown is escaped. */
function scalar(value: unknown, charsMax: number): string {
  const shown = typeof value === 'string' ? value.slice(0, Math.max(0, charsMax) + 1) : value
  return JSON.stringify(shown) ?? 'null'
}

/** Whether a JSON value has more levels than this, which is as deep as it is looked into. */
export function isDeeperThan(value: unknown, levelsMax: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  const children: unknown[] = Array.isArray(value) ? value : Object.values(value)
  for (let index = 0; index < children.length; index++) {
    const child = children[index]
    if (typeof child !== 'object' || child === null) continue
    if (levelsMax <= 0 || isDeeperThan(child, levelsMax - 1)) return true
  }
  return false
}

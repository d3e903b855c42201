/** Characters of a text that is read at once: a few milliseconds. */
const READ_CHARS_MAX = 256 * 1024
/** Characters after which others have a turn. */
const STEP_CHARS = 256 * 1024

/** Whether a text is JSON. Of a long one no values are made, and others have their turns meanwhile. */
export function isJson(text: string): boolean | Promise<boolean> {
  if (text.length > READ_CHARS_MAX) return isLongJson(text)
  try {
    JSON.parse(text)
    return true
  } catch {
    // Its absence is the answer.
    return false
  }
}

/** What may come next: a value, a key, what follows a value; `first` where the bracket may close at once. */
type Next = 'value' | 'first value' | 'key' | 'first key' | 'end'

/** The grammar of JSON, as `JSON.parse` has it. */
export async function isLongJson(text: string): Promise<boolean> {
  /** What is open, by the bracket that closes it. */
  const open: number[] = []
  let next: Next = 'value'
  let pauseAt = STEP_CHARS
  for (let at = pastSpace(text, 0); ; at = pastSpace(text, at)) {
    if (at >= pauseAt) {
      pauseAt = at + STEP_CHARS
      await new Promise((resolve) => setImmediate(resolve))
    }
    const unit = text.charCodeAt(at)
    if (next === 'end') {
      const closer = open.at(-1)
      if (closer === undefined) return at === text.length
      if (unit === COMMA) next = closer === CLOSE_BRACE ? 'key' : 'value'
      else if (unit === closer) open.pop()
      else return false
      at++
    } else if (next === 'key' || next === 'first key') {
      if (unit === CLOSE_BRACE && next === 'first key') {
        open.pop()
        next = 'end'
        at++
        continue
      }
      if (unit !== QUOTE) return false
      at = pastSpace(text, endOfString(text, at))
      if (text.charCodeAt(at) !== COLON) return false
      next = 'value'
      at++
    } else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      open.push(unit === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET)
      next = unit === OPEN_BRACE ? 'first key' : 'first value'
      at++
    } else if (unit === CLOSE_BRACKET && next === 'first value') {
      open.pop()
      next = 'end'
      at++
    } else {
      const end = unit === QUOTE ? endOfString(text, at) : endOfScalar(text, at)
      if (end < 0) return false
      next = 'end'
      at = end
    }
  }
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d]
const [TAB, LINE_FEED, RETURN, SPACE, SMALL_U] = [0x09, 0x0a, 0x0d, 0x20, 0x75]

function pastSpace(text: string, from: number): number {
  for (let at = from; ; at++) {
    const unit = text.charCodeAt(at)
    if (unit !== SPACE && unit !== LINE_FEED && unit !== RETURN && unit !== TAB) return at
  }
}

/** Past the quote that ends the string that begins at `from`; where it is none, before the text. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === QUOTE) return at + 1
    if (unit < SPACE) return NOWHERE
    if (unit !== BACKSLASH) continue
    ESCAPE.lastIndex = at
    if (!ESCAPE.test(text)) return NOWHERE
    at += text.charCodeAt(at + 1) === SMALL_U ? 5 : 1
  }
  return NOWHERE
}

const NOWHERE = -2
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

function endOfScalar(text: string, from: number): number {
  SCALAR.lastIndex = from
  return SCALAR.test(text) ? SCALAR.lastIndex : NOWHERE
}

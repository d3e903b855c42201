import { randomUUID } from 'node:crypto'
import { toJsonText } from '@executor/contracts'
import { endOfString, JsonScan, type Span } from './json-scan.ts'

/** Characters of a value that is made of its text like any other; a longer one stays the text it is. */
export const VALUE_CHARS_MAX = 64 * 1024

/** A JSON value that stays its text, with what has to be known of it: making it would hold everybody up. */
export class LongJson {
  readonly text: string
  readonly count: number
  readonly levels: number
  /** Of a string, how long it is. */
  readonly chars: number

  private constructor(text: string, { count, levels }: Span, chars: number) {
    this.text = text
    this.count = count
    this.levels = levels
    this.chars = chars
  }

  static async read(text: string): Promise<LongJson> {
    const span = await new JsonScan(text).value(0)
    return LongJson.of(text, span)
  }

  /** Of a value that was found in a longer text. */
  static async of(whole: string, span: Span): Promise<LongJson> {
    const text = whole.slice(span.from, span.to)
    return new LongJson(text, span, text.startsWith('"') ? await countChars(text) : 0)
  }

  get kind(): 'string' | 'array' | 'object' {
    if (this.text.startsWith('"')) return 'string'
    return this.text.startsWith('[') ? 'array' : 'object'
  }

  /** The beginning of what it is to people: a string itself, everything else indented. */
  beginning(charsMax: number): string {
    if (this.kind === 'string') return beginningOfString(this.text, charsMax)
    for (let length = charsMax; ; length *= 2) {
      const { text, isCut } = toJsonText(beginningOf(this.text, length), charsMax)
      if (isCut || length >= this.text.length) return text
    }
  }
}

/** The JSON text of an object that holds one long value, in three: to be one it would have to be copied. */
export function encodeAround(value: object): [string, string, string] {
  const mark = randomUUID()
  let long = ''
  const text = JSON.stringify(value, (_key, inner: unknown) => {
    if (!(inner instanceof LongJson)) return inner
    long = inner.text
    return mark
  })
  const [before = '', after = ''] = text.split(`"${mark}"`)
  return [before, long, after]
}

/** Reads of escapes in one turn of the loop. */
const ESCAPES_PER_TURN = 100_000

async function countChars(text: string): Promise<number> {
  let chars = text.length - 2
  let seen = 0
  for (let at = text.indexOf('\\'); at >= 0; ) {
    const length = text[at + 1] === 'u' ? 6 : 2
    chars -= length - 1
    if (++seen % ESCAPES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
    at = text.indexOf('\\', at + length)
  }
  return chars
}

function beginningOfString(text: string, charsMax: number): string {
  // After the quote, each character is written with six at most.
  return (JSON.parse(cutString(text, 0, 1 + charsMax * 6)) as string).slice(0, charsMax)
}

/** The string that begins at `from`, closed where it is longer, and never within an escape. */
function cutString(text: string, from: number, to: number): string {
  let end = Math.min(to, text.length - 1)
  for (let at = text.indexOf('\\', from); at >= 0 && at < end; ) {
    const next = at + (text[at + 1] === 'u' ? 6 : 2)
    if (next > end) end = at
    at = text.indexOf('\\', next)
  }
  return `${text.slice(from, end)}"`
}

/** What the first characters of an array or object hold, closed where they end. */
function beginningOf(text: string, length: number): unknown {
  const closers: string[] = []
  let isKey = false
  /** A text that is whole but for what is open. */
  let whole = ''
  for (let at = 0; at < length && at < text.length; at++) {
    const unit = text[at]
    if (unit === '"') {
      const end = endOfString(text, at)
      const isCut = end > length
      const string = isCut ? cutString(text, at, length) : text.slice(at, end)
      const before = text.slice(0, at)
      if (isKey) whole = `${before}${string}:null`
      else if (isCut) whole = `${before}${string}`
      if (isCut) break
      at = end - 1
      if (!isKey) whole = text.slice(0, end)
    } else if (unit === '[' || unit === '{') {
      closers.push(unit === '[' ? ']' : '}')
      whole = text.slice(0, at + 1)
      isKey = unit === '{'
    } else if (unit === ']' || unit === '}') {
      closers.pop()
      whole = text.slice(0, at + 1)
    } else if (unit === ',') {
      whole = text.slice(0, at)
      isKey = closers.at(-1) === '}'
    } else if (unit === ':') isKey = false
  }
  return JSON.parse(whole + closers.reverse().join(''))
}

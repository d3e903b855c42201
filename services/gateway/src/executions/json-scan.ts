import { invariant } from '@executor/contracts'

/** Characters after which a scan lets others run. */
const STEP_CHARS = 512 * 1024

/** A value within a JSON text, which is well-formed: one of our services wrote it. */
export interface Span {
  from: number
  to: number
  /** Members or elements, of an array or an object. */
  count: number
  /** Arrays and objects in each other, counting itself. */
  levels: number
}

export interface Member extends Span {
  key: string
}

/** Reads a JSON text without making values of it, a part in each turn of the loop. */
export class JsonScan {
  readonly #text: string
  #pauseAt = STEP_CHARS

  constructor(text: string) {
    this.#text = text
  }

  /** The members of the object that begins at `at`. */
  async members(at: number): Promise<Member[]> {
    const members: Member[] = []
    for (let from = this.#past(at + 1); this.#text[from] === '"'; ) {
      const keyEnd = endOfString(this.#text, from)
      const key = JSON.parse(this.#text.slice(from, keyEnd)) as string
      // Past the colon, which may have room around it.
      const value = await this.value(this.#past(this.#past(keyEnd) + 1))
      members.push({ ...value, key })
      from = this.#next(value.to)
    }
    return members
  }

  /** The elements of the array that begins at `at`. */
  async elements(at: number): Promise<Span[]> {
    const elements: Span[] = []
    for (let from = this.#past(at + 1); this.#text[from] !== ']'; ) {
      const value = await this.value(from)
      elements.push(value)
      from = this.#next(value.to)
    }
    return elements
  }

  /** The value that begins at `from`. */
  async value(from: number): Promise<Span> {
    this.#assertWithin(from)
    const first = this.#text[from]
    if (first === '"') return leaf(from, endOfString(this.#text, from))
    if (first !== '[' && first !== '{') return leaf(from, endOfScalar(this.#text, from))
    let depth = 0
    let levels = 0
    let commas = 0
    let isEmpty = true
    for (let at = from; ; at++) {
      if (at >= this.#pauseAt) await this.#pause(at)
      const unit = this.#text.charCodeAt(at)
      if (unit === QUOTE) at = endOfString(this.#text, at) - 1
      else if (unit === OPEN_BRACKET || unit === OPEN_BRACE) {
        if (depth > 0) isEmpty = false
        depth++
        if (depth > levels) levels = depth
        continue
      } else if (unit === CLOSE_BRACKET || unit === CLOSE_BRACE) {
        depth--
        if (depth > 0) continue
        return { from, to: at + 1, count: isEmpty ? 0 : commas + 1, levels }
      } else if (unit === COMMA && depth === 1) commas++
      else if (unit <= SPACE) continue
      isEmpty = false
    }
  }

  /** A text that breaks off must not be looked for its end for ever. */
  #assertWithin(at: number): void {
    invariant(at < this.#text.length, 'a service of ours writes well-formed JSON')
  }

  async #pause(at: number): Promise<void> {
    this.#assertWithin(at)
    this.#pauseAt = at + STEP_CHARS
    await new Promise((resolve) => setImmediate(resolve))
  }

  #past(at: number): number {
    let next = at
    while (this.#text.charCodeAt(next) <= SPACE) next++
    return next
  }

  /** Where the value after a comma begins, or the bracket that closes. */
  #next(at: number): number {
    const next = this.#past(at)
    return this.#text[next] === ',' ? this.#past(next + 1) : next
  }
}

const [QUOTE, BACKSLASH, COMMA, SPACE] = [0x22, 0x5c, 0x2c, 0x20]
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d]

function leaf(from: number, to: number): Span {
  return { from, to, count: 0, levels: 0 }
}

/** Past the quote that ends the string that begins at `from`. */
export function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); ; at = text.indexOf('"', at + 1)) {
    if (at < 0) return text.length
    let escapes = 0
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++
    if (escapes % 2 === 0) return at + 1
  }
}

function endOfScalar(text: string, from: number): number {
  const end = /[\s,\]}]/g
  end.lastIndex = from
  return end.exec(text)?.index ?? text.length
}

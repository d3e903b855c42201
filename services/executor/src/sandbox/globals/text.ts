import type { Kernel } from './kernel.ts'

/** `TextEncoder` and `TextDecoder`. */
export function installText(kernel: Kernel): void {
  const { fromCharCode } = String
  const CHUNK = 8192
  const ENCODINGS: Record<string, string> = {
    'utf-8': 'utf-8',
    utf8: 'utf-8',
    'unicode-1-1-utf-8': 'utf-8',
    ascii: 'windows-1252',
    'us-ascii': 'windows-1252',
    latin1: 'windows-1252',
    'iso-8859-1': 'windows-1252',
    'windows-1252': 'windows-1252',
    'utf-16': 'utf-16le',
    'utf-16le': 'utf-16le',
  }
  // What windows-1252 has where Latin-1 has control characters.
  const WINDOWS_1252 =
    '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
    '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178'

  const toBytes = (input: unknown): Uint8Array => {
    if (input === undefined) return new Uint8Array(0)
    if (ArrayBuffer.isView(input)) {
      return new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
    }
    if (input instanceof ArrayBuffer) return new Uint8Array(input)
    throw new TypeError('TextDecoder decodes typed arrays and ArrayBuffers.')
  }
  const toCharacters = (bytes: Uint8Array): string => {
    let text = ''
    for (let start = 0; start < bytes.length; start += CHUNK) {
      text += fromCharCode.apply(null, bytes.subarray(start, start + CHUNK) as unknown as number[])
    }
    return text
  }

  /** How many bytes at the end begin a character that is not there yet. */
  const incompleteAtEnd = (bytes: Uint8Array): number => {
    for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
      const byte = bytes[bytes.length - back] ?? 0
      if (byte < 0x80) return 0
      if (byte >= 0xc2) {
        const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
        return needed > back ? back : 0
      }
    }
    return 0
  }
  /** Character by character, with U+FFFD for what is none, as the Encoding Standard counts them. */
  const decodeBroken = (bytes: Uint8Array): string => {
    let text = ''
    for (let at = 0; at < bytes.length; ) {
      const first = bytes[at] ?? 0
      const needed =
        first < 0x80
          ? 0
          : first < 0xc2
            ? -1
            : first < 0xe0
              ? 1
              : first < 0xf0
                ? 2
                : first < 0xf5
                  ? 3
                  : -1
      let seen = 0
      while (seen < needed) {
        const next = bytes[at + seen + 1] ?? 0
        const lowest = seen > 0 ? 0x80 : first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
        const highest = seen > 0 ? 0xbf : first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
        if (at + seen + 1 >= bytes.length || next < lowest || next > highest) break
        seen += 1
      }
      const whole = bytes.subarray(at, at + seen + 1)
      text += seen === needed ? decodeURIComponent(escape(toCharacters(whole))) : '\ufffd'
      at += seen + 1
    }
    return text
  }
  const decodeUtf8 = (bytes: Uint8Array, isFatal: boolean): string => {
    try {
      return decodeURIComponent(escape(toCharacters(bytes)))
    } catch {
      if (isFatal) throw new TypeError('These bytes are not UTF-8.')
      return decodeBroken(bytes)
    }
  }
  const decodeUtf16 = (bytes: Uint8Array): string => {
    let text = ''
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      text += fromCharCode((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8))
    }
    return (bytes.length % 2 === 1 ? `${text}\ufffd` : text).toWellFormed()
  }
  const decodeWindows1252 = (bytes: Uint8Array): string =>
    toCharacters(bytes).replace(
      /[\x80-\x9f]/g,
      (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80] ?? character,
    )

  class TextEncoder {
    get encoding(): string {
      return 'utf-8'
    }
    encode(input: unknown = ''): Uint8Array {
      const characters = unescape(encodeURIComponent(`${input}`.toWellFormed()))
      const bytes = new Uint8Array(characters.length)
      for (let index = 0; index < characters.length; index += 1) {
        bytes[index] = characters.charCodeAt(index)
      }
      return bytes
    }
    encodeInto(input: string, target: Uint8Array): { read: number; written: number } {
      let read = 0
      let written = 0
      for (const character of `${input}`) {
        const bytes = this.encode(character)
        if (written + bytes.length > target.length) break
        target.set(bytes, written)
        written += bytes.length
        read += character.length
      }
      return { read, written }
    }
  }

  class TextDecoder {
    readonly encoding: string
    readonly fatal: boolean
    readonly ignoreBOM: boolean
    #held = new Uint8Array(0)
    #isBeginning = true
    constructor(label: unknown = 'utf-8', options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
      const name = `${label}`.trim().toLowerCase()
      const encoding = Object.hasOwn(ENCODINGS, name) ? ENCODINGS[name] : undefined
      if (encoding === undefined) {
        throw new RangeError(`TextDecoder knows utf-8, utf-16le and latin1 here, not ${name}.`)
      }
      this.encoding = encoding
      this.fatal = Boolean(options?.fatal)
      this.ignoreBOM = Boolean(options?.ignoreBOM)
    }
    decode(input?: unknown, options: { stream?: boolean } = {}): string {
      const added = toBytes(input)
      let bytes = new Uint8Array(this.#held.length + added.length)
      bytes.set(this.#held)
      bytes.set(added, this.#held.length)
      let keep = 0
      if (options?.stream) {
        if (this.encoding === 'utf-8') keep = incompleteAtEnd(bytes)
        if (this.encoding === 'utf-16le') keep = bytes.length % 2
      }
      this.#held = bytes.slice(bytes.length - keep)
      bytes = bytes.subarray(0, bytes.length - keep)
      let text =
        this.encoding === 'utf-8'
          ? decodeUtf8(bytes, this.fatal)
          : this.encoding === 'utf-16le'
            ? decodeUtf16(bytes)
            : decodeWindows1252(bytes)
      if (this.#isBeginning && !this.ignoreBOM && text.charCodeAt(0) === 0xfeff)
        text = text.slice(1)
      this.#isBeginning = !options?.stream || (this.#isBeginning && text === '')
      return text
    }
  }
  kernel.define('TextEncoder', TextEncoder)
  kernel.define('TextDecoder', TextDecoder)
}

/** Enough for the last words of a program: a stack trace, a usage text. */
const TAIL_CHARS_MAX = 4_000

/** The end of what a program wrote, however much it wrote. */
export interface OutputTail {
  add(chunk: Buffer): void
  text(): string
}

export function createOutputTail(maxChars = TAIL_CHARS_MAX): OutputTail {
  let tail = ''
  const decoder = new TextDecoder()
  return {
    add(chunk) {
      tail = (tail + decoder.decode(chunk, { stream: true })).slice(-maxChars)
    },
    text: () => tail.trim(),
  }
}

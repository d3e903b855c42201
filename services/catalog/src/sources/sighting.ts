/** What one token stands for, near enough to compare: models differ, and so does text. */
const TOKEN_CHARS = 4

export function toTokens(chars: number): number {
  return Math.ceil(chars / TOKEN_CHARS)
}

/** A document of that length is not sent back to whoever pasted it. */
const REPEATED_CHARS_MAX = 64 * 1024

/** The input that holds a pasted document, or says that it has to be put in again. */
export function repeat(field: string, text: string, missing: readonly string[] = []) {
  const isShort = text.length <= REPEATED_CHARS_MAX
  const needed = [...(isShort ? [] : [field]), ...missing]
  return {
    input: isShort ? { [field]: text } : {},
    ...(needed.length > 0 ? { missing: needed } : {}),
  }
}

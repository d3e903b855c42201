/** Characters of a value that are shown; the rest is cut. */
const TEXT_CHARS_MAX = 600
/** Characters before the first difference of two long texts. */
const LEAD_CHARS = 80

/** Controls and characters that show nothing: what they hide from a person must be seen. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{fe00}-\u{fe0f}]|[\u{e0000}-\u{e0fff}]/gu

/** Two texts as a reviewer reads them: cut to where they differ, with nothing left invisible. */
export function showTexts(before: string, after: string): { before: string; after: string } {
  if (before.length <= TEXT_CHARS_MAX && after.length <= TEXT_CHARS_MAX)
    return { before: showText(before), after: showText(after) }
  const from = Math.max(0, firstDifference(before, after) - LEAD_CHARS)
  return { before: cut(before, from), after: cut(after, from) }
}

export function showText(text: string): string {
  return cut(text, 0)
}

function cut(text: string, from: number): string {
  const part = text.slice(from, from + TEXT_CHARS_MAX).replace(INVISIBLE, toEscape)
  const isCut = text.length > from + TEXT_CHARS_MAX
  return `${from > 0 ? '…' : ''}${part}${isCut ? '…' : ''}`
}

function toEscape(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}

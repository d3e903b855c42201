/**
 * What shows nothing, moves a terminal's cursor or turns the direction of what is read. Not those that
 * people write with: tabs, line breaks, and what joins letters and emoji.
 */
const INVISIBLE =
  /(?![\n\t])[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu

/** Texts of strangers as people read them; within JSON it stays the same JSON. */
export function toVisible(text: string): string {
  return text.replace(INVISIBLE, escapeUnits)
}

function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

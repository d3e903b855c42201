/**
 * Patterns come from documents that strangers wrote, and run on the thread that serves everyone.
 * Only those are run whose worst case is visibly quadratic, on text of bounded length; the others
 * are left to the upstream, which knows its own rules anyway.
 */
const PATTERN_CHARS_MAX = 500
/** Longer text is not matched at all. */
export const TEXT_CHARS_MAX = 2000
const CACHED_MAX = 2000

const compiled = new Map<string, RegExp | null>()

/** Whether `text` fails a pattern that we dare to run. */
export function violatesPattern(pattern: string, text: string): boolean {
  if (text.length > TEXT_CHARS_MAX) return false
  const regexp = compilePattern(pattern)
  return regexp !== null && !regexp.test(text)
}

/** `null` for a pattern that is not run. */
export function compilePattern(pattern: string): RegExp | null {
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  if (compiled.size >= CACHED_MAX) compiled.clear()
  const regexp = isPlain(pattern) ? parse(pattern) : null
  compiled.set(pattern, regexp)
  return regexp
}

function parse(pattern: string): RegExp | null {
  for (const flags of ['u', ''])
    try {
      return new RegExp(pattern, flags)
    } catch {
      // Not every dialect is ours: PCRE's `(?i)`, Java's possessive quantifiers.
    }
  return null
}

/**
 * True when nothing repeats a group, nothing looks around or refers back, and at most two repeats
 * could compete for the same text. An unanchored start counts as one: it tries every position.
 */
export function isPlain(pattern: string): boolean {
  if (pattern.length > PATTERN_CHARS_MAX) return false
  // Classes and escapes are one character each; what is left is structure.
  const structure = pattern.replace(/\\[\s\S]/g, 'x').replace(/\[[^\]]*\]/g, 'x')
  if (/\\[1-9]|\\k</.test(pattern)) return false
  if (/\(\?(?!:)/.test(structure)) return false
  if (/\)(?:[*+?]|\{)/.test(structure)) return false
  const repeats = structure.match(/[*+]|\{\d*,\d*\}/g)?.length ?? 0
  const optionals = structure.match(/[^*+?}(]\?/g)?.length ?? 0
  const branches = structure.match(/\|/g)?.length ?? 0
  const start = structure.startsWith('^') && branches === 0 ? 0 : 1
  return repeats + start <= 2 && optionals <= 8 && branches <= 100
}

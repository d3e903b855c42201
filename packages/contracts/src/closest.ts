/**
 * The candidates that resemble a text most, `count` at most, best first; those that do not resemble it
 * at all are left out. By the trigrams they share, so that misspelt and reordered parts still count.
 */
export function closest(text: string, candidates: readonly string[], count: number): string[] {
  const wanted = trigrams(text)
  return candidates
    .map((candidate) => ({ candidate, score: resemblance(wanted, trigrams(candidate)) }))
    .filter(({ score }) => score > RESEMBLANCE_MIN)
    .sort((a, b) => b.score - a.score || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, count)
    .map(({ candidate }) => candidate)
}

const RESEMBLANCE_MIN = 0.15
/** A longer text says no more about which one was meant. */
const TEXT_CHARS_MAX = 256

function trigrams(text: string): Set<string> {
  const padded = `  ${text.slice(0, TEXT_CHARS_MAX).toLowerCase()} `
  const grams = new Set<string>()
  for (let i = 0; i + 3 <= padded.length; i++) grams.add(padded.slice(i, i + 3))
  return grams
}

/** Shared trigrams over all trigrams (Jaccard). */
function resemblance(a: Set<string>, b: Set<string>): number {
  let shared = 0
  for (const gram of a) if (b.has(gram)) shared++
  return shared / (a.size + b.size - shared)
}

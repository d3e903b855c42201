import { MEANINGS, SYNONYMS } from './thesaurus.ts'

/** How much a synonym counts beside the word itself, and how much a word that may merely be meant. */
const SYNONYM_WEIGHT = 0.75
const MEANING_WEIGHT = 0.7

export interface Synonym {
  /** One word, or several that must stand together. */
  words: readonly string[]
  weight: number
}

/** From a word, or words joined by a blank, to what else it may be called. */
export function readSynonyms(): Map<string, Synonym[]> {
  const synonyms = new Map<string, Synonym[]>()
  const add = (from: string, to: string, weight: number) => {
    const key = from.replaceAll('_', ' ')
    const known = synonyms.get(key) ?? []
    if (from === to || known.some(({ words }) => words.join('_') === to)) return
    synonyms.set(key, [...known, { words: to.split('_'), weight }])
  }
  for (const line of linesOf(SYNONYMS)) {
    const words = line.split(' ')
    for (const word of words) for (const other of words) add(word, other, SYNONYM_WEIGHT)
  }
  for (const line of linesOf(MEANINGS)) {
    const [meant = '', words = ''] = line.split(': ')
    for (const word of words.split(' ')) add(word, meant, MEANING_WEIGHT)
  }
  return synonyms
}

function linesOf(text: string): string[] {
  return text.split('\n').filter(Boolean)
}

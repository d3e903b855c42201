import type { Action } from './actions.ts'
import { verbMeaning } from './actions.ts'
import type { Synonym } from './synonyms.ts'
import { createVocabulary } from './words.ts'

export interface Word {
  text: string
  stem: string
}

/** A synonym with its stems. */
export interface Meaning extends Synonym {
  terms: readonly string[]
}

/** What words mean, one by one and together, by their stems. */
export interface Phrases {
  meaningsOf(words: readonly Word[]): readonly Meaning[]
  /** Where the words from `at` on mean something together: their places. */
  findAt(words: readonly Word[], at: number): number[] | undefined
}

const PARTICLE = /^(?:off|on|out|away|up|down|back|over|in|rid)$/
/** "kick somebody out", "take a card off": how many words may stand between. */
const PARTICLE_GAP_MAX = 3

export function createPhrases(synonyms: ReadonlyMap<string, readonly Synonym[]>): Phrases {
  const { stem } = createVocabulary()
  const meanings = new Map<string, Meaning[]>()
  let longest = 1
  for (const [key, list] of synonyms) {
    const words = key.split(' ')
    longest = Math.max(longest, words.length)
    const stems = words.map(stem).join(' ')
    const known = meanings.get(stems) ?? []
    for (const { words: others, weight } of list) {
      const terms = others.map(stem)
      const same = known.find((it) => it.terms.join(' ') === terms.join(' '))
      // Forms of a word share what they mean; the closer meaning counts.
      if (same) same.weight = Math.max(same.weight, weight)
      else known.push({ words: others, terms, weight })
    }
    meanings.set(stems, known)
  }
  const stemsAt = (words: readonly Word[], places: readonly number[]) =>
    places.map((place) => words[place]?.stem).join(' ')
  return {
    meaningsOf: (words) => meanings.get(words.map(({ stem }) => stem).join(' ')) ?? [],
    findAt(words, at) {
      for (let length = Math.min(longest, words.length - at); length > 1; length--) {
        const places = Array.from({ length }, (_, offset) => at + offset)
        if (meanings.has(stemsAt(words, places))) return places
      }
      for (let gap = 2; gap <= PARTICLE_GAP_MAX + 1; gap++) {
        const places = [at, at + gap]
        if (PARTICLE.test(words[at + gap]?.text ?? '') && meanings.has(stemsAt(words, places)))
          return places
      }
      return undefined
    },
  }
}

/** "Roll out" does what "deploy" does. */
export function phraseActions(parts: readonly Word[], phrases: Phrases): readonly Action[] {
  const written = [parts.map(({ text }) => text).join('-'), parts[0]?.text ?? '']
  const meant = phrases.meaningsOf(parts).flatMap(({ words }) => (words.length === 1 ? words : []))
  for (const verb of [...written, ...meant]) {
    const meaning = verbMeaning(verb)
    if (meaning) return meaning.actions
  }
  return []
}

import { type Action, type VerbMeaning, verbMeaning, verbs } from './actions.ts'
import { impliedActions, isQuestion, PREPOSITION, refineActions } from './intent.ts'
import type { KnownWords } from './known-words.ts'
import { createPhrases, type Phrases, phraseActions, type Word } from './phrases.ts'
import type { Synonym } from './synonyms.ts'
import { isOneWord, STOP_WORDS, splitIdentifier, stemWord, wordsOf } from './words.ts'

/** A question longer than this is cut: what it costs to answer stays bounded. */
const WORDS_MAX = 32

export interface Alternative {
  /** Stems that must stand in one operation together; nearly always one. */
  terms: readonly string[]
  weight: number
}

/** One thing the asker named, with everything it may be called; its own name comes first. */
export interface Concept {
  alternatives: readonly Alternative[]
  /** How much it counts beside the other concepts. */
  weight: number
  /** As written, for typing mistakes and names of integrations; none for phrases. */
  words: readonly string[]
}

export interface Query {
  concepts: readonly Concept[]
  /** What is to be done, where the words tell. */
  actions: readonly Action[]
}

export interface QueryParser extends KnownWords {
  /** `corrections`: words that are read as others. */
  parse(text: string, corrections?: ReadonlyMap<string, string>): Query
}

/** What parts of a question count; measured by bench/search. */
const PARTS = {
  /** A verb that only names the action: operations are told apart by it, things are not. */
  action: 0.35,
  /** What follows a preposition says where or for whom, not what. */
  context: 0.5,
  /** "which pods are running": a verb that wants nothing done. */
  secondVerb: 0.5,
  /** "who can see it": people are asked for, but what they do tells more. */
  who: 0.4,
  /** "log" alone is not what "log in" means. */
  phraseRest: 0.3,
}

export function createQueryParser(synonyms: ReadonlyMap<string, readonly Synonym[]>): QueryParser {
  const phrases = createPhrases(synonyms)
  const singles = [...synonyms.keys()].filter((key) => !key.includes(' '))
  return {
    knownWords: new Set([...singles, ...verbs()]),
    stem: stemWord,
    parse(text, corrections) {
      const words = wordsOf(text)
        .slice(0, WORDS_MAX)
        .flatMap(toPieces)
        .flatMap((piece) => corrections?.get(piece)?.split(' ') ?? [piece])
      return new Reading(words.map(toWord), phrases).read()
    },
  }
}

/** `createIssue` in a question means what `create issue` means. */
function toPieces(word: string): string[] {
  const bare = word.replace(/['’]s?$/, '')
  return isOneWord(bare) ? [bare.toLowerCase()] : splitIdentifier(bare)
}

function toWord(text: string): Word {
  return { text, stem: stemWord(text) }
}

/** One pass over the words of a question. */
class Reading {
  readonly #words: readonly Word[]
  readonly #phrases: Phrases
  readonly #isQuestion: boolean
  readonly #taken = new Set<number>()
  readonly #concepts: Concept[] = []
  #actions: readonly Action[] = []
  #context = 1

  constructor(words: readonly Word[], phrases: Phrases) {
    this.#words = words
    this.#phrases = phrases
    this.#isQuestion = isQuestion(words)
  }

  read(): Query {
    this.#words.forEach((word, at) => {
      if (!this.#taken.has(at)) this.#readWord(word, at)
    })
    const known = this.#actions.length > 0
    return {
      concepts: joinNeighbours(this.#concepts),
      actions: known
        ? refineActions(this.#actions, this.#words)
        : impliedActions(this.#words, this.#isQuestion),
    }
  }

  #readWord(word: Word, at: number): void {
    const places = this.#phrases.findAt(this.#words, at)
    if (places && !places.some((place) => this.#taken.has(place))) {
      for (const place of places) this.#taken.add(place)
      this.#readPhrase(
        this.#words.filter((_, place) => places.includes(place)),
        at,
      )
      return
    }
    // The verb's own object comes first: in "add to a team" the team is no mere context.
    if (PREPOSITION.test(word.text) && this.#concepts.some(({ weight }) => weight === 1))
      this.#context = PARTS.context
    const isAdverb = this.#concepts.length === 0 && word.text.endsWith('ly')
    if (STOP_WORDS.has(word.text) || isAdverb) return
    const meaning = word.text.endsWith('s') ? undefined : verbMeaning(word.text)
    if (meaning && this.#isImperative(at)) this.#readVerb(word, meaning)
    else {
      const describes = meaning && (meaning.general || word.text.endsWith('ing'))
      const weight = word.text === 'who' ? PARTS.who : 1
      this.#add(wordConcept(word, this.#phrases, describes ? PARTS.secondVerb : weight))
    }
  }

  /** The verb that says what to do comes first, or after "to"; later ones describe things. */
  #isImperative(at: number): boolean {
    if (this.#actions.length > 0 || this.#isQuestion) return false
    return this.#concepts.length === 0 || this.#words[at - 1]?.text === 'to'
  }

  #readVerb(word: Word, { actions, general }: VerbMeaning): void {
    this.#actions = actions
    if (general) this.#concepts.push(wordConcept(word, this.#phrases, PARTS.action))
    else this.#add(wordConcept(word, this.#phrases, 1))
  }

  #readPhrase(parts: readonly Word[], at: number): void {
    if (this.#isImperative(at)) this.#actions = phraseActions(parts, this.#phrases)
    this.#add(phraseConcept(parts, this.#phrases))
  }

  #add(concept: Concept): void {
    this.#concepts.push({ ...concept, weight: concept.weight * this.#context })
  }
}

function wordConcept(word: Word, phrases: Phrases, weight: number): Concept {
  const own = { terms: [word.stem], weight: 1 }
  return { alternatives: [own, ...meanings([word], phrases)], weight, words: [word.text] }
}

function phraseConcept(parts: readonly Word[], phrases: Phrases): Concept {
  const content = parts.filter(({ text }) => !STOP_WORDS.has(text)).map(({ stem }) => stem)
  const whole = content.length === parts.length ? 1 : PARTS.phraseRest
  const joined = stemWord(parts.map(({ text }) => text).join(''))
  return {
    alternatives: [
      ...(content.length > 0 ? [{ terms: content, weight: whole }] : []),
      { terms: [joined], weight: 1 },
      ...meanings(parts, phrases),
    ],
    weight: 1,
    words: [],
  }
}

function meanings(parts: readonly Word[], phrases: Phrases): Alternative[] {
  return phrases.meaningsOf(parts).map(({ terms, weight }) => ({ terms, weight }))
}

/** "web hook" is also looked for as `webhook`. */
function joinNeighbours(concepts: readonly Concept[]): Concept[] {
  const joined = concepts.slice(1).map(({ words }, at) => {
    const [first, second] = [concepts[at]?.words[0], words[0]]
    return first && second ? [{ terms: [stemWord(first + second)], weight: 1 }] : []
  })
  return concepts.map((concept, at) => ({
    ...concept,
    alternatives: [...concept.alternatives, ...(joined[at - 1] ?? []), ...(joined[at] ?? [])],
  }))
}

/// <reference path="./wink-porter2-stemmer.d.ts" />
// biome-ignore lint/correctness/noUnresolvedImports: the package's entry is not an index file.
import porter2 from 'wink-porter2-stemmer'

/** Longer runs of letters are data, not words. */
const WORD_CHARS_MAX = 40

const WORD = /[\p{L}\p{N}]+(?:['’]\p{L}+)?/gu
const PIECE = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}]+|\p{N}+/gu
const PLAIN = /^(?:\p{Lu}?\p{Ll}+|\p{Lu}+|\p{N}+)$/u
const VERSION = /^v\d+(?:(?:alpha|beta|p)\d*)*$/
const POSSESSIVE = /['’]s?$/

/** Mixed case, and one word all the same. */
const BRANDS = new Set(
  'github gitlab javascript typescript postgresql mysql graphql openapi oauth paypal youtube linkedin whatsapp devops iphone ipad'.split(
    ' ',
  ),
)

/** Plurals and forms that no suffix rule reaches, by what they mean. */
const IRREGULAR: Record<string, string> = {
  people: 'person',
  persons: 'person',
  children: 'child',
  indices: 'index',
  indexes: 'index',
  vertices: 'vertex',
  statuses: 'status',
  aliases: 'alias',
  men: 'man',
  women: 'woman',
  feet: 'foot',
  sent: 'send',
  paid: 'pay',
  bought: 'buy',
  sold: 'sell',
  made: 'make',
  got: 'get',
  gave: 'give',
  given: 'give',
  took: 'take',
  taken: 'take',
  ran: 'run',
  written: 'write',
  wrote: 'write',
  built: 'build',
  found: 'find',
  seen: 'see',
  began: 'begin',
  lost: 'lose',
  held: 'hold',
  spent: 'spend',
  stolen: 'steal',
  hidden: 'hide',
  shown: 'show',
}

/** Everyday words that say nothing about which operation is meant. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a an the this that these those it its i me my mine we us our ours you your yours he him his she her they them their
  one ones is are was were be been being am do does did doing done has have had having will would shall should can could
  may might must of to in on at by for from with without into onto upon about as than then so such and or nor but not no
  if when whenever while where wherever there here how why what which whom whose up down out off over under again
  also just only very too please want wants wanted need needs needed like via per etc e.g i.e some any
  something someone somebody anything anyone anybody thing things specific specified given certain particular
  own use used using uses`.split(/\s+/),
)

/** The stem of one lower-case word. */
export function stemWord(word: string): string {
  const irregular = Object.hasOwn(IRREGULAR, word) ? IRREGULAR[word] : undefined
  return irregular ?? porter2(word.slice(0, WORD_CHARS_MAX))
}

export interface Vocabulary {
  stem(word: string): string
  /** The stems a written word stands for: itself, and its parts where it is an identifier. */
  stems(word: string): readonly string[]
}

/** Stemming is the dear part of indexing, and texts repeat their words: each is worked out once. */
export function createVocabulary(): Vocabulary {
  const stemOf = new Map<string, string>()
  const stemsOf = new Map<string, readonly string[]>()
  function stem(word: string): string {
    let known = stemOf.get(word)
    if (known === undefined) {
      known = stemWord(word)
      stemOf.set(word, known)
    }
    return known
  }
  function analyse(word: string): readonly string[] {
    const bare = word.slice(0, WORD_CHARS_MAX).replace(POSSESSIVE, '')
    const joined = bare.toLowerCase()
    if (isOneWord(bare)) return [stem(joined)]
    const pieces = splitIdentifier(bare).filter((piece) => !/^\d+$/.test(piece))
    if (pieces.length < 2)
      return [stem(joined), ...pieces.map(stem).filter((it) => it !== stem(joined))]
    return [...new Set([...pieces.map(stem), stem(joined)])]
  }
  return {
    stem,
    stems(word) {
      let known = stemsOf.get(word)
      if (known === undefined) {
        known = analyse(word)
        stemsOf.set(word, known)
      }
      return known
    },
  }
}

/** The words of a text as they are written: letters and digits, with a possessive or contraction. */
export function wordsOf(text: string): string[] {
  return text.match(WORD) ?? []
}

/** `listPullRequestsV2` → list, pull, requests, v2; all in lower case. */
export function splitIdentifier(identifier: string): string[] {
  const pieces: string[] = []
  for (const word of identifier.match(/[\p{L}\p{N}]+/gu) ?? []) {
    let carried = ''
    for (const match of word.match(PIECE) ?? []) {
      const piece = carried + match.toLowerCase()
      // `OAuth` and `eMail` are one word; a version or a size belongs to its letter: `v2`, `s3`.
      carried = piece.length === 1 && !/\d/.test(piece) ? piece : ''
      if (!carried) pieces.push(piece)
    }
    if (carried) pieces.push(carried)
  }
  return pieces
}

export function isVersion(word: string): boolean {
  return VERSION.test(word)
}

/** Not an identifier made of several words. */
export function isOneWord(word: string): boolean {
  return PLAIN.test(word) || BRANDS.has(word.toLowerCase())
}

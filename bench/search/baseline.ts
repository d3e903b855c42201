import type { SearchDocument } from '../../services/catalog/src/search/document.ts'

const K1 = 1.2
const B = 0.75

/** Plain BM25 over all the text of an operation: words as they are, split at case and punctuation. */
export function createBaseline(documents: readonly SearchDocument[]) {
  const bags = documents.map((document) => wordsOf(textOf(document)))
  const average = bags.reduce((sum, bag) => sum + bag.length, 0) / bags.length
  const postings = new Map<string, Map<number, number>>()
  bags.forEach((bag, ordinal) => {
    for (const word of bag) {
      const counts = postings.get(word) ?? new Map<number, number>()
      counts.set(ordinal, (counts.get(ordinal) ?? 0) + 1)
      postings.set(word, counts)
    }
  })
  return (query: string, limit: number): number[] => {
    const scores = new Float64Array(documents.length)
    for (const word of wordsOf(query)) {
      const counts = postings.get(word)
      if (!counts) continue
      const rarity = Math.log(1 + (documents.length - counts.size + 0.5) / (counts.size + 0.5))
      for (const [ordinal, count] of counts) {
        const length = bags[ordinal]?.length ?? 0
        const score = (count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / average))
        scores[ordinal] = (scores[ordinal] ?? 0) + rarity * score
      }
    }
    return [...scores.keys()]
      .filter((ordinal) => (scores[ordinal] ?? 0) > 0)
      .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
      .slice(0, limit)
  }
}

function textOf(document: SearchDocument): string {
  const parameters = document.parameters.map((it) => `${it.name} ${it.description ?? ''}`)
  const { name, path, method, summary, description, tags } = document
  return [name, path, method, summary, description, ...parameters, ...tags].join(' ')
}

function wordsOf(text: string): string[] {
  const split = text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return split.match(/[\p{L}\p{N}]+/gu) ?? []
}

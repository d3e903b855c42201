/** How much a word tells that stands in `frequency` of `documents`: the idf of BM25. */
export function rarity(frequency: number, documents: number): number {
  return Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
}

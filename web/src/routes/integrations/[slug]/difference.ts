/** Two texts, cut into what they share at both ends and where they differ. */
export interface Difference {
  lead: string
  before: string
  after: string
  tail: string
}

/** Finds where two texts differ, in whole words. */
export function findDifference(before: string, after: string): Difference {
  const [from, to] = [toWords(before), toWords(after)]
  const shorter = Math.min(from.length, to.length)
  let lead = 0
  while (lead < shorter && from[lead] === to[lead]) lead++
  let tail = 0
  while (tail < shorter - lead && from.at(-1 - tail) === to.at(-1 - tail)) tail++
  return {
    lead: from.slice(0, lead).join(''),
    before: from.slice(lead, from.length - tail).join(''),
    after: to.slice(lead, to.length - tail).join(''),
    tail: from.slice(from.length - tail).join(''),
  }
}

function toWords(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}]/gu) ?? []
}

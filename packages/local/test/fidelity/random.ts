/** Numbers that look random and are the same in every run. */
export interface Random {
  /** From 0 up to, not including, `end`. */
  below(end: number): number
  pick<T>(items: readonly T[]): T
}

/** mulberry32, seeded with a text. */
export function createRandom(seed: string): Random {
  let state = 0
  for (let index = 0; index < seed.length; index++)
    state = (Math.imul(state, 31) + seed.charCodeAt(index)) | 0
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    below: (end) => Math.floor(next() * end),
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
  }
}

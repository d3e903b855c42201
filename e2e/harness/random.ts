import { chooseSeed } from './config.ts'

export interface Random {
  seed: number
  /** From 0 up to, and without, 1. */
  next(): number
  /** A whole number from `min` up to, and without, `max`. */
  integer(min: number, max: number): number
}

/** The same numbers for the same seed (mulberry32): a failing moment can be chosen again. */
export function createRandom(seed = chooseSeed()): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { seed, next, integer: (min, max) => min + Math.floor(next() * (max - min)) }
}

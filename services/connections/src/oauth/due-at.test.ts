import { describe, expect, it } from 'vitest'
import { dueAt } from './due-at.ts'

const MINUTE = 60_000

describe('dueAt', () => {
  it('is a minute before the end, for what lives long', () => {
    expect(dueAt({ updatedAt: 0, expiresAt: 60 * MINUTE })).toBe(59 * MINUTE)
  })

  it('is half its life for what does not', () => {
    expect(dueAt({ updatedAt: 0, expiresAt: MINUTE })).toBe(MINUTE / 2)
  })

  it('never comes for what does not end, and came for what is over', () => {
    expect(dueAt({ updatedAt: 0, expiresAt: null })).toBe(Number.POSITIVE_INFINITY)
    expect(dueAt({ updatedAt: 5, expiresAt: 1 })).toBe(1)
  })
})

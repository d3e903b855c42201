import { ServiceError } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decodeBody, decodeError, encodeBody, encodeError, isLongerThan } from './envelope.ts'

describe('isLongerThan', () => {
  it.each([
    ['', 0, false],
    ['abc', 3, false],
    ['abcd', 3, true],
    ['é', 1, true],
    ['é', 2, false],
    ['😀', 3, true],
    ['😀', 4, false],
    ['€€', 6, false],
    ['€€', 5, true],
  ])('counts the bytes of "%s" against %i', (text, bytesMax, expected) => {
    expect(isLongerThan(text, bytesMax)).toBe(expected)
  })
})

describe('decodeBody', () => {
  it('keeps keys that would reach into the prototype out of what it returns', () => {
    const schema = z.object({ text: z.string() })

    const decoded = decodeBody('catalog.echo', schema, '{"text":"a","__proto__":{"isAdmin":true}}')

    expect(decoded).toEqual({ text: 'a' })
    expect('isAdmin' in decoded).toBe(false)
  })

  it('names no more than a few of many problems', () => {
    const schema = z.array(z.string())
    const body = encodeBody('catalog.echo', Array.from({ length: 5_000 }), 1_000_000)

    const decode = () => decodeBody('catalog.echo', schema, body)

    expect(decode).toThrow(
      expect.objectContaining({ details: { issues: expect.objectContaining({ length: 10 }) } }),
    )
  })

  it('reads nothing as undefined', () => {
    expect(decodeBody('catalog.echo', z.undefined(), '')).toBeUndefined()
  })
})

describe('encodeError', () => {
  it('cuts what is too long to travel', () => {
    const failure = new ServiceError('internal', 'r'.repeat(500), 'm'.repeat(10_000), {
      details: { long: 'd'.repeat(100_000) },
    })

    const carried = decodeError('catalog.echo', encodeError(failure))

    expect([carried.reason.length, carried.message.length]).toEqual([128, 4096])
    expect(carried.details).toBeUndefined()
  })
})

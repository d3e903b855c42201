import { Secret } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { toHealth, toKeptHealth } from './health.ts'

const values = (...texts: string[]) =>
  new Map(texts.map((text, index) => [`v${index}`, new Secret(text)]))

describe('toHealth', () => {
  it('believes a probe that says no status', () => {
    const health = toHealth({ status: 'degraded', checkedAt: 1 }, values('hunter2'))

    expect(health).toEqual({ status: 'degraded', checkedAt: 1 })
  })

  it.each([
    ['plain', 'say hunter2!', 'say [secret]!'],
    ['twice', 'hunter2hunter2', '[secret][secret]'],
    ['in base64', Buffer.from('hunter2').toString('base64'), '[secret]'],
    ['as part of an address', 'https://x.io/?key=hunter2&b=1', 'https://x.io/?key=[secret]&b=1'],
  ])('masks a value %s', (_, detail, masked) => {
    const health = toHealth({ status: 'degraded', checkedAt: 1, detail }, values('hunter2'))

    expect(health.detail).toBe(masked)
  })

  it('masks the longer of two values first', () => {
    const health = toHealth(
      { status: 'degraded', checkedAt: 1, detail: 'hunter2-long' },
      values('hunter2', 'hunter2-long'),
    )

    expect(health.detail).toBe('[secret]')
  })

  it('does not look for values that are everywhere', () => {
    const found = { status: 'healthy', checkedAt: 1, detail: 'a b c' } as const

    expect(toHealth(found, values('', 'a')).detail).toBe('a b c')
  })

  it('bounds what an upstream can make us keep', () => {
    const long = 'x'.repeat(10_000)

    const health = toHealth(
      {
        status: 'healthy',
        checkedAt: 1,
        detail: long,
        identity: long,
        responseSample: [{ path: long, value: long }],
      },
      values('hunter2'),
    )

    expect(JSON.stringify(health).length).toBeLessThan(1500)
  })
})

describe('toKeptHealth', () => {
  it('leaves the sample out', () => {
    const kept = toKeptHealth({
      status: 'healthy',
      checkedAt: 1,
      responseSample: [{ path: 'a', value: 'b' }],
    })

    expect(kept).toEqual({ status: 'healthy', checkedAt: 1 })
  })
})

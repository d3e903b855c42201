import { describe, expect, it } from 'vitest'
import { coalesce } from './coalesce.ts'

function aSource() {
  const begun: { key: string; answer: (value: string) => void; fail: () => void }[] = []
  const read = coalesce(
    (key) =>
      new Promise<string>((resolve, reject) => {
        begun.push({ key, answer: resolve, fail: () => reject(new TypeError('down')) })
      }),
  )
  return { begun, read }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('coalesce', () => {
  it('joins no read that has begun, and shares the one that comes after it', async () => {
    const { begun, read } = aSource()
    const first = read('a')
    const [second, third] = [read('a'), read('a')]
    expect(begun).toHaveLength(1)

    begun[0]?.answer('before')
    await settle()
    expect(begun).toHaveLength(2)
    begun[1]?.answer('after')

    expect(await Promise.all([first, second, third])).toEqual(['before', 'after', 'after'])
  })

  it('goes on after a read that failed', async () => {
    const { begun, read } = aSource()
    const first = read('a')
    const second = read('a')
    begun[0]?.fail()
    await expect(first).rejects.toThrow('down')
    begun[1]?.answer('fine')

    expect(await second).toBe('fine')
  })

  it('keeps keys apart', async () => {
    const { begun, read } = aSource()
    const reads = [read('a'), read('b')]
    for (const { key, answer } of begun) answer(key)

    expect(await Promise.all(reads)).toEqual(['a', 'b'])
  })
})

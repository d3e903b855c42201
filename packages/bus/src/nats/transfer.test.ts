import { describe, expect, it } from 'vitest'
import { Assembly, AssemblyBudget, toBody } from './transfer.ts'

describe('Assembly', () => {
  it('asks for the next window when one is complete', () => {
    const pulls: number[] = []
    const window = new Uint8Array(2 * 1024 * 1024)
    const assembly = new Assembly(window.length + 3, (offset) => pulls.push(offset))

    const afterWindow = assembly.accept(0, window)
    const afterAll = assembly.accept(window.length, Buffer.from('end'))

    expect(pulls).toEqual([0, window.length])
    expect([afterWindow, afterAll]).toEqual([false, true])
    expect(assembly.bytes().toString().endsWith('end')).toBe(true)
  })

  it('ignores what is out of order, empty or too much', () => {
    const assembly = new Assembly(4, () => {})

    expect(assembly.accept(2, Buffer.from('cd'))).toBe(false)
    expect(assembly.accept(0, Buffer.from(''))).toBe(false)
    expect(assembly.accept(0, Buffer.from('abcde'))).toBe(false)
    expect(assembly.accept(0, Buffer.from('ab'))).toBe(false)
    expect(assembly.accept(0, Buffer.from('ab'))).toBe(false)
    expect(assembly.accept(2, Buffer.from('cd'))).toBe(true)
    expect(assembly.bytes().toString()).toBe('abcd')
  })
})

describe('toBody', () => {
  it('takes the bytes beside the text from the end', () => {
    const { text, attachment } = toBody('catalog.echo', Buffer.from('{}abc'), 3)

    expect([text, Buffer.from(attachment ?? []).toString()]).toEqual(['{}', 'abc'])
  })

  it.each([6, -1, 1.5, Number.NaN])('refuses a length of %s in five bytes', (bytes) => {
    expect(() => toBody('catalog.echo', Buffer.from('{}abc'), bytes)).toThrow(
      expect.objectContaining({ code: 'invalid_argument' }),
    )
  })
})

describe('AssemblyBudget', () => {
  it('bounds what is put together at one time', () => {
    const budget = new AssemblyBudget()
    const most = 64 * 1024 * 1024

    for (let index = 0; index < 4; index += 1) budget.reserve(most)

    expect(() => budget.reserve(1)).toThrow(expect.objectContaining({ code: 'resource_exhausted' }))
    budget.release(most)
    expect(() => budget.reserve(most)).not.toThrow()
  })
})

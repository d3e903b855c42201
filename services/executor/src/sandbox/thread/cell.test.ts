import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { sandboxFiles } from '../files.ts'
import { SANDBOX_LIMITS } from '../limits.ts'
import type { Cell } from './cell.ts'
import { makeMould, openCells } from './open-cells.ts'

let open: () => Promise<Cell>
beforeAll(async () => {
  const mould = await makeMould(fileURLToPath(sandboxFiles().wasm), SANDBOX_LIMITS)
  open = openCells(mould, SANDBOX_LIMITS)
})

const evaluate = (cell: Cell, code: string): string => {
  const outcome = cell.quickjs.evaluate(code, 'test')
  return cell.quickjs.toText(outcome.ok ? outcome.value : outcome.thrown)
}

describe('openCells', () => {
  it('makes every cell an exact copy of the first', async () => {
    const [one, other] = [await open(), await open()]

    expect(Buffer.compare(one.bytes(), other.bytes())).toBe(0)
    expect(evaluate(other, 'typeof tools + typeof URL')).toBe('functionfunction')
  })
})

describe('Cell', () => {
  it('is as new after a run, to the last byte', async () => {
    const [used, fresh] = [await open(), await open()]
    evaluate(
      used,
      'globalThis.secret = "sesame-4711"; const all = []\n' +
        'for (let i = 0; i < 2e4; i += 1) all.push({ i, text: "sesame-4711" + i })\n' +
        'const deep = (n) => (n === 0 ? 0 : 1 + deep(n - 1)); deep(1000)\n' +
        'JSON.stringify(all).length',
    )
    expect(Buffer.from(used.bytes()).includes('sesame-4711')).toBe(true)

    expect(used.restore()).toBe(true)

    expect(Buffer.from(used.bytes()).includes('sesame-4711')).toBe(false)
    expect(Buffer.compare(used.bytes(), fresh.bytes())).toBe(0)
    expect(evaluate(used, 'typeof secret')).toBe('undefined')
  })

  it('knows how much of its memory was ever in use', async () => {
    const cell = await open()
    expect(cell.usedBytes).toBeLessThan(2 ** 20)

    evaluate(cell, 'globalThis.a = new Uint8Array(2 ** 22).fill(1); 1')

    expect(cell.usedBytes).toBeGreaterThan(2 ** 22)
    expect(cell.usedBytes).toBeLessThan(2 ** 22 + 2 ** 20)
    const inUse = Buffer.from(cell.bytes()).findLastIndex((byte) => byte !== 0)
    expect(inUse).toBeGreaterThan(2 ** 22)
    expect(cell.restore()).toBe(true)
    expect(cell.usedBytes).toBeLessThan(2 ** 20)
  })

  it('is not used again once its memory grew', async () => {
    const cell = await open()
    cell.heapBytesMax = 32 * 2 ** 20

    evaluate(cell, 'globalThis.a = new Uint8Array(2 ** 24).fill(1); 1')

    expect(cell.grownBytes).toBeGreaterThan(0)
    expect(cell.restore()).toBe(false)
  })

  it('bounds what a script keeps', async () => {
    const cell = await open()
    cell.heapBytesMax = 20 * 2 ** 20

    const thrown = evaluate(cell, 'const all = []; for (;;) all.push("x".repeat(1e5))')

    expect(thrown).toBe('InternalError: out of memory')
    expect(cell.usedBytes).toBeLessThanOrEqual(20 * 2 ** 20)
  })
})

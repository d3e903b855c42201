import { expect, it } from 'vitest'
import { CallWindow } from './call-window.ts'

function aWindow(size: number) {
  const sent: number[] = []
  const window = new CallWindow(size, ({ index }) => sent.push(index))
  const add = (index: number) =>
    window.add({ index, path: 'a', args: '{}', digest: String(index), at: 0 })
  return { window, sent, add }
}

it('lets others go on while calls wait for a person, as many as it is wide', () => {
  const { window, sent, add } = aWindow(2)
  for (const index of [0, 1, 2, 3, 4, 5]) add(index)
  for (const index of [0, 1, 2]) window.yieldPlace(index)

  expect(sent).toEqual([0, 1, 2, 3])
  window.settle(0)
  expect(sent).toEqual([0, 1, 2, 3])
  window.settle(3)
  expect(sent).toEqual([0, 1, 2, 3, 4])
  expect(window.isIdle).toBe(false)
  expect(window.unsettled.sort()).toEqual([1, 2, 4, 5])
})

import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { askAnswer } from './ask-answer.ts'

function typing(text: string) {
  const input = new PassThrough()
  input.end(text)
  return askAnswer({ input, output: new PassThrough() })
}

describe('askAnswer', () => {
  it.each([
    ['a\n', 'accept'],
    ['Yes\n', 'accept'],
    ['decline\n', 'decline'],
    ['c\n', 'cancel'],
    ['what?\n\nn\n', 'decline'],
  ])('takes %j', async (text, answer) => {
    expect(await typing(text)).toBe(answer)
  })

  it.each(['', '\n', 'acc\n', 'constructor\n'])('takes no answer from %j', async (text) => {
    await expect(typing(text)).rejects.toThrow('Nothing was answered.')
  })
})

import { describe, expect, it } from 'vitest'
import { type Frame, formatFrame, parseFrame } from './frame.ts'

describe('parseFrame', () => {
  it.each<Frame>([
    { kind: 'body', count: 67_108_864 },
    { kind: 'pull', count: 0 },
    { kind: 'chunk', count: 262_144 },
    { kind: 'working' },
    { kind: 'error', text: '{"message":"with spaces"}' },
  ])('reads what formatFrame wrote: $kind', (frame) => {
    expect(parseFrame(formatFrame(frame))).toEqual(frame)
  })

  it.each(['', 'pull', 'pull -1', 'pull 1e9', 'body 99999999999', 'chunk 1 2', 'constructor 1'])(
    'knows nothing of "%s"',
    (value) => {
      expect(parseFrame(value)).toBeNull()
    },
  )
})

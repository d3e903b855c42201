import { describe, expect, it } from 'vitest'
import { MemoryQueue } from './memory-queue.ts'

describe('MemoryQueue', () => {
  it('refuses more jobs than it may keep', () => {
    const queue = new MemoryQueue({ subject: 'work.executor.run', ackWaitMs: 1_000 })
    const add = (id: string) => queue.add({ id, body: '{}', carrier: undefined })

    for (let index = 0; index < 100_000; index += 1) add(`${index}`)

    expect(() => add('one more')).toThrow(expect.objectContaining({ reason: 'queue_full' }))
    expect(() => add('0')).not.toThrow()
  })
})

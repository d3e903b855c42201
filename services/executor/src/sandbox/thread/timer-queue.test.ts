import { describe, expect, it } from 'vitest'
import { TimerQueue } from './timer-queue.ts'

describe('TimerQueue', () => {
  it('gives what is due first, and of those due at once the one that was set first', () => {
    const timers = new TimerQueue()
    timers.arm({ id: 1, due: 30, isRepeated: false })
    timers.arm({ id: 2, due: 10, isRepeated: false })
    timers.arm({ id: 3, due: 30, isRepeated: false })
    timers.arm({ id: 4, due: 20, isRepeated: false })

    const order = []
    for (let next = timers.takeDue(30); next; next = timers.takeDue(30)) order.push(next.id)

    expect(order).toEqual([2, 4, 1, 3])
  })

  it('keeps what is not due yet', () => {
    const timers = new TimerQueue()
    timers.arm({ id: 1, due: 11, isRepeated: true })

    expect(timers.takeDue(10)).toBeUndefined()
    expect(timers.nextDue).toBe(11)
    expect(timers.hasOneShot).toBe(false)
  })

  it('forgets what is cleared', () => {
    const timers = new TimerQueue()
    timers.arm({ id: 1, due: 1, isRepeated: false })

    timers.disarm(1)

    expect(timers.size).toBe(0)
    expect(timers.nextDue).toBeNull()
  })
})

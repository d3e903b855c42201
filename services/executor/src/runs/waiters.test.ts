import { describe, expect, it } from 'vitest'
import { createWaiters } from './waiters.ts'

const never = new AbortController().signal
const LONG_MS = 60_000

describe('waiters', () => {
  it('hear of what happens while they wait, and of what happened while they looked', async () => {
    const waiters = createWaiters()
    const news = waiters.listen('run')

    waiters.tell('run')
    await news.next(LONG_MS, never)
    const next = news.next(LONG_MS, never)
    waiters.tell('run')
    await next

    expect(await isOver(news.next(LONG_MS, never))).toBe(false)
    news.close()
  })

  it('hear of their own run alone, and of nothing once they are closed', async () => {
    const waiters = createWaiters()
    const news = waiters.listen('run')
    waiters.tell('other')
    news.close()
    waiters.tell('run')

    expect(await isOver(news.next(LONG_MS, never))).toBe(false)
  })

  it('give up when the time is over, or whoever asked has gone', async () => {
    const news = createWaiters().listen('run')
    const asked = new AbortController()

    await news.next(1, never)
    const next = news.next(LONG_MS, asked.signal)
    asked.abort()
    await next
    await news.next(LONG_MS, asked.signal)
  })
})

function isOver(promise: Promise<void>): Promise<boolean> {
  const soon = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 20))
  return Promise.race([promise.then(() => true), soon])
}

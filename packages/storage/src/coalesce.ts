/**
 * Shares reads of the same key among calls that arrive together. A call joins only a read that has
 * not begun: one that is under way may answer from before a change that was acknowledged meanwhile.
 */
export function coalesce<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const running = new Map<string, Promise<unknown>>()
  const waiting = new Map<string, Promise<T>>()

  const start = (key: string): Promise<T> => {
    const reading = read(key)
    const settled = reading.then(ignore, ignore).then(() => {
      if (running.get(key) === settled) running.delete(key)
    })
    running.set(key, settled)
    return reading
  }

  return (key) => {
    const joined = waiting.get(key)
    if (joined !== undefined) return joined
    const before = running.get(key)
    if (before === undefined) return start(key)
    const next = before.then(() => {
      waiting.delete(key)
      return start(key)
    })
    waiting.set(key, next)
    return next
  }
}

const ignore = () => undefined

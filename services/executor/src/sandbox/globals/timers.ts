import type { Kernel } from './kernel.ts'

/** Timers, `queueMicrotask` and `performance`, all on the run's own clock. */
export function installTimers(kernel: Kernel): void {
  const { host, apply, entries } = kernel
  const DELAY_MS_MAX = 2 ** 31 - 1
  interface Timer {
    callback: (...args: unknown[]) => unknown
    args: unknown[]
    everyMs: number | null
  }
  const timers: Record<number, Timer> = Object.create(null)
  let last = 0
  let startedAt = 0

  const arm = (timer: Timer, delayMs: number): number => {
    if (typeof timer.callback !== 'function')
      throw new TypeError('A timer needs a function to call.')
    last += 1
    if (host.arm(last, delayMs, timer.everyMs === null ? 0 : 1) < 0) {
      throw new RangeError('Too many timers wait at once.')
    }
    timers[last] = timer
    return last
  }
  // At least a millisecond, so that a timer that sets itself again lets time pass.
  const toDelay = (value: unknown): number => {
    const delay = Number(value)
    return delay >= 1 ? Math.min(Math.trunc(delay), DELAY_MS_MAX) : 1
  }
  const clear = (id: unknown): void => {
    const key = Number(id)
    if (timers[key] === undefined) return
    delete timers[key]
    host.disarm(key)
  }

  kernel.define('setTimeout', (callback: Timer['callback'], delay?: number, ...args: unknown[]) =>
    arm({ callback, args, everyMs: null }, toDelay(delay)),
  )
  kernel.define('setInterval', (callback: Timer['callback'], delay?: number, ...args: unknown[]) =>
    arm({ callback, args, everyMs: toDelay(delay) }, toDelay(delay)),
  )
  kernel.define('setImmediate', (callback: Timer['callback'], ...args: unknown[]) =>
    arm({ callback, args, everyMs: null }, 1),
  )
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) kernel.define(name, clear)
  kernel.define('queueMicrotask', (callback: () => void) => {
    if (typeof callback !== 'function')
      throw new TypeError('queueMicrotask needs a function to call.')
    void Promise.resolve().then(() => callback())
  })
  kernel.seeded.push(() => {
    startedAt = Date.now()
  })
  kernel.define('performance', {
    now: () => Date.now() - startedAt,
    get timeOrigin() {
      return startedAt
    },
  })

  entries.fire = (id) => {
    const timer = timers[id]
    if (timer === undefined) return
    if (timer.everyMs === null) delete timers[id]
    else host.arm(id, timer.everyMs, 1)
    apply(timer.callback, undefined, timer.args)
  }
}

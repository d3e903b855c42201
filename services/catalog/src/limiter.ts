/** Lets so much work run at a time; the rest waits in line. */
export interface Limiter {
  run<T>(work: () => Promise<T>): Promise<T>
}

export function createLimiter(atOnceMax: number): Limiter {
  const waiting: (() => void)[] = []
  let active = 0
  return {
    async run(work) {
      if (active >= atOnceMax) await new Promise<void>((resolve) => waiting.push(resolve))
      else active++
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else active--
      }
    },
  }
}

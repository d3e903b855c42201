export interface Task {
  stop(): Promise<void>
}

/** One run of a task at a time, the first after `firstMs`; the next begins `ms` after the last ended. */
export function every(
  ms: number,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
  firstMs = ms,
): Task {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()
  const plan = (afterMs: number) => {
    timer = setTimeout(() => {
      working = work()
        .catch(onError)
        .then(() => {
          if (!stopped) plan(ms)
        })
    }, afterMs)
    timer.unref()
  }
  plan(firstMs)
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await working
    },
  }
}

export interface Task {
  stop(): Promise<void>
}

/** One run of a task at a time; the next begins `ms` after the last ended. */
export function every(
  ms: number,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): Task {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()
  const plan = () => {
    timer = setTimeout(() => {
      working = work()
        .catch(onError)
        .then(() => {
          if (!stopped) plan()
        })
    }, ms)
    timer.unref()
  }
  plan()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await working
    },
  }
}

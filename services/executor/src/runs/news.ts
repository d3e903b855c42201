/** True when somebody answered an interaction of the run, false when the time is over. */
export function nextNews(wake: Set<() => void>, ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (woken: boolean) => {
      clearTimeout(timer)
      wake.delete(onWake)
      signal.removeEventListener('abort', onAbort)
      resolve(woken)
    }
    const onWake = () => done(true)
    const onAbort = () => done(false)
    const timer = setTimeout(() => done(false), ms)
    wake.add(onWake)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) done(false)
  })
}

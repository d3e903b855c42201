/** How long a request may take: so long in silence, and so long in all; waiting for a person is free. */
export interface Patience {
  /** Aborts when it is over. */
  readonly signal: AbortSignal
  /** The server is still at it. */
  onProgress(): void
  /** Stops the clock while somebody is asked. */
  while<T>(work: () => Promise<T>): Promise<T>
  /** Ends the request: nobody waits for it any more. */
  giveUp(reason: unknown): void
  end(): void
}

export function createPatience(silenceMs: number, totalMs: number): Patience {
  const controller = new AbortController()
  let leftMs = totalMs
  let startedAt = Date.now()
  let waiting = 0
  let timer: NodeJS.Timeout | undefined

  function start(): void {
    clearTimeout(timer)
    if (waiting > 0) return
    startedAt = Date.now()
    const ms = Math.min(silenceMs, Math.max(0, leftMs))
    timer = setTimeout(() => controller.abort('Request timed out'), ms)
  }

  function stop(): void {
    clearTimeout(timer)
    if (waiting === 0) leftMs -= Date.now() - startedAt
  }

  start()
  return {
    signal: controller.signal,
    onProgress() {
      stop()
      start()
    },
    async while(work) {
      stop()
      waiting++
      try {
        return await work()
      } finally {
        waiting--
        start()
      }
    },
    giveUp: (reason) => controller.abort(reason),
    end: () => clearTimeout(timer),
  }
}

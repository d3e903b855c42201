/** Longer timers overflow and fire at once. */
export const TIMER_MS_MAX = 2 ** 31 - 1

/** A wait that ends early when nobody needs it any more. */
export function startTimer(delayMs: number): { elapsed: Promise<void>; stop(): void } {
  let handle: NodeJS.Timeout | undefined
  const elapsed = new Promise<void>((resolve) => {
    handle = setTimeout(resolve, Math.min(Math.max(delayMs, 0), TIMER_MS_MAX))
  })
  return { elapsed, stop: () => clearTimeout(handle) }
}

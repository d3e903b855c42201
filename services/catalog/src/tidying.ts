import type { Store } from './store.ts'

/** Milliseconds after a start: whoever waits for it to be up is not to wait for this. */
const AFTER_MS = 10_000

export interface TidyingOptions {
  store: Pick<Store, 'dropLeftovers'>
  /** Told of failures that nobody waits for. */
  onError(error: unknown, context: Record<string, unknown>): void
  afterMs?: number
}

/** Work on the store that no request asks for, once in the life of a process. */
export interface Tidying {
  start(): void
  close(): Promise<void>
}

export function createTidying({ store, onError, afterMs = AFTER_MS }: TidyingOptions): Tidying {
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let work: Promise<unknown> = Promise.resolve()
  const tidy = () => {
    work = store
      .dropLeftovers(closing.signal)
      .catch((error: unknown) => onError(error, { task: 'leftovers of imports' }))
  }
  return {
    start() {
      timer = setTimeout(tidy, afterMs).unref()
    },
    async close() {
      clearTimeout(timer)
      closing.abort()
      await work
    },
  }
}

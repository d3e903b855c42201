import type { Kernel } from './kernel.ts'

/** `AbortController`, `AbortSignal`, and the little of events and `DOMException` that they need. */
export function installAbort(kernel: Kernel): void {
  const CODES: Record<string, number> = { AbortError: 20, TimeoutError: 23, DataCloneError: 25 }

  class DOMException extends Error {
    readonly code: number
    constructor(message = '', name = 'Error') {
      super(message)
      Object.defineProperty(this, 'name', { value: name, configurable: true })
      this.code = CODES[name] ?? 0
    }
  }

  class Event {
    readonly type: string
    readonly cancelable: boolean
    target: unknown = null
    defaultPrevented = false
    constructor(type: unknown, options: { cancelable?: boolean } = {}) {
      this.type = `${type}`
      this.cancelable = Boolean(options?.cancelable)
    }
    preventDefault(): void {
      if (this.cancelable) this.defaultPrevented = true
    }
  }

  type Listener = ((event: Event) => void) | { handleEvent(event: Event): void }
  interface Listening {
    type: string
    listener: Listener
    isOnce: boolean
  }
  class EventTarget {
    #listening: Listening[] = []
    addEventListener(
      type: string,
      listener: Listener | null,
      options?: boolean | { once?: boolean; signal?: AbortSignal },
    ): void {
      if (listener === null || listener === undefined) return
      const { once = false, signal = undefined } =
        typeof options === 'object' ? (options ?? {}) : {}
      if (signal?.aborted) return
      if (this.#listening.some((one) => one.type === type && one.listener === listener)) return
      this.#listening.push({ type, listener, isOnce: once })
      signal?.addEventListener('abort', () => this.removeEventListener(type, listener), {
        once: true,
      })
    }
    removeEventListener(type: string, listener: Listener | null): void {
      this.#listening = this.#listening.filter(
        (one) => one.type !== type || one.listener !== listener,
      )
    }
    dispatchEvent(event: Event): boolean {
      event.target = this
      const handler = Reflect.get(this, `on${event.type}`)
      if (typeof handler === 'function') handler.call(this, event)
      for (const one of this.#listening.filter((listening) => listening.type === event.type)) {
        if (one.isOnce) this.removeEventListener(one.type, one.listener)
        if (typeof one.listener === 'function') one.listener.call(this, event)
        else one.listener.handleEvent(event)
      }
      return !event.defaultPrevented
    }
  }

  const KEY = {}
  class AbortSignal extends EventTarget {
    onabort: ((event: Event) => void) | null = null
    #reason: unknown
    #isAborted = false
    constructor(key: unknown) {
      super()
      if (key !== KEY) throw new TypeError('Make an AbortController and use its signal.')
    }
    get aborted(): boolean {
      return this.#isAborted
    }
    get reason(): unknown {
      return this.#reason
    }
    throwIfAborted(): void {
      if (this.#isAborted) throw this.#reason
    }
    static end(signal: AbortSignal, reason: unknown): void {
      if (signal.#isAborted) return
      signal.#isAborted = true
      signal.#reason = reason ?? new DOMException('This operation was aborted', 'AbortError')
      signal.dispatchEvent(new Event('abort'))
    }
    static abort(reason?: unknown): AbortSignal {
      const signal = new AbortSignal(KEY)
      end(signal, reason)
      return signal
    }
    static timeout(delayMs: number): AbortSignal {
      const signal = new AbortSignal(KEY)
      const reason = (): DOMException => new DOMException('The operation timed out', 'TimeoutError')
      setTimeout(() => end(signal, reason()), delayMs)
      return signal
    }
    static any(signals: Iterable<AbortSignal>): AbortSignal {
      const joined = new AbortSignal(KEY)
      const all = Array.from(signals)
      const ended = all.find((signal) => signal.aborted)
      if (ended !== undefined) end(joined, ended.reason)
      for (const signal of all) {
        signal.addEventListener('abort', () => end(joined, signal.reason), { once: true })
      }
      return joined
    }
  }
  // Only a controller may end its signal.
  const { end } = AbortSignal
  Reflect.deleteProperty(AbortSignal, 'end')

  class AbortController {
    readonly signal = new AbortSignal(KEY)
    abort(reason?: unknown): void {
      end(this.signal, reason)
    }
  }
  const all = { DOMException, Event, EventTarget, AbortSignal, AbortController }
  for (const name of Object.keys(all)) kernel.define(name, Reflect.get(all, name))
}

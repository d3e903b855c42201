/**
 * Keeps what was used last, up to a size: a count of entries, unless each is weighed. Keys name what
 * never changes, so entries never go stale.
 */
export class BoundedCache<V> {
  readonly #entries = new Map<string, { value: V; size: number }>()
  readonly #sizeMax: number
  readonly #weigh: (value: V) => number
  #size = 0

  constructor(sizeMax: number, weigh: (value: V) => number = () => 1) {
    this.#sizeMax = sizeMax
    this.#weigh = weigh
  }

  find(key: string): V | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  /** Forgets what is kept under a key, if it is this. */
  remove(key: string, value: V): void {
    if (this.#entries.get(key)?.value === value) this.#forget(key)
  }

  /** What is larger than all that may be kept is not. */
  set(key: string, value: V): void {
    this.#forget(key)
    const size = this.#weigh(value)
    if (size > this.#sizeMax) return
    this.#entries.set(key, { value, size })
    this.#size += size
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#sizeMax) break
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    this.#size -= this.#entries.get(key)?.size ?? 0
    this.#entries.delete(key)
  }
}

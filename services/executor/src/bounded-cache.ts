/** Keeps what was used last. Keys name what never changes, so entries never go stale. */
export class BoundedCache<V> {
  readonly #entries = new Map<string, V>()
  readonly #countMax: number

  constructor(countMax: number) {
    this.#countMax = countMax
  }

  find(key: string): V | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  /** Forgets what is kept under a key, if it is this. */
  remove(key: string, value: V): void {
    if (this.#entries.get(key) === value) this.#entries.delete(key)
  }

  set(key: string, value: V): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#countMax) break
      this.#entries.delete(oldest)
    }
  }
}

/** Keeps what was loaded for a while, and forgets it for good when told to. */
export interface Leases<T> {
  /** What is held under the key, or what `load` comes to. */
  take(key: string, load: () => Promise<T>): Promise<T>
  /** What is held under the key, or on its way there; null where nothing is, or it fails. */
  find(key: string): Promise<T | null>
  /** Every `take` from now on loads again, whatever is being loaded at the moment. */
  drop(key: string): void
}

interface Lease<T> {
  value: Promise<T>
  endsAt: number
}

interface LeaseOptions<T> {
  clock: () => number
  /** Milliseconds. */
  ttlMs: number
  entriesMax: number
  /** When to look again, should that be sooner. */
  goodUntil?(value: T): number
}

export function createLeases<T>(options: LeaseOptions<T>): Leases<T> {
  const { clock, ttlMs, entriesMax, goodUntil = () => Number.POSITIVE_INFINITY } = options
  const held = new Map<string, Lease<T>>()
  let sweeping: NodeJS.Timeout | undefined

  function sweep() {
    sweeping = undefined
    for (const [key, lease] of held) if (lease.endsAt <= clock()) held.delete(key)
    scheduleSweep()
  }
  /** So that an idle process forgets too. */
  function scheduleSweep() {
    if (held.size === 0 || sweeping) return
    sweeping = setTimeout(sweep, ttlMs).unref()
  }
  function hold(key: string, value: Promise<T>): Promise<T> {
    const lease = { value, endsAt: clock() + ttlMs }
    held.delete(key)
    held.set(key, lease)
    const [eldest] = held.keys()
    if (held.size > entriesMax && eldest !== undefined) held.delete(eldest)
    scheduleSweep()
    value.then(
      (loaded) => {
        lease.endsAt = Math.min(lease.endsAt, goodUntil(loaded))
      },
      // A failure is for those who waited for it and for nobody after them.
      () => {
        if (held.get(key) === lease) held.delete(key)
      },
    )
    return value
  }

  return {
    take(key, load) {
      const lease = held.get(key)
      return lease && lease.endsAt > clock() ? lease.value : hold(key, load())
    },
    async find(key) {
      return (await held.get(key)?.value.catch(() => null)) ?? null
    },
    drop: (key) => void held.delete(key),
  }
}

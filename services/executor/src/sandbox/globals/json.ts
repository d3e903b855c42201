import type { Kernel } from './kernel.ts'

/** JSON of what leaves the sandbox, with what JSON by itself makes `{}` of: errors, maps, sets and promises. */
export function installJson(kernel: Kernel): void {
  const { stringify } = kernel
  const { defineProperty, deleteProperty, apply } = Reflect
  const { hasOwn, fromEntries } = Object
  const toArray = Array.from
  const Memory = Map
  const { get, set } = Map.prototype

  const fieldsOf = (error: Error): object => ({
    name: error.name,
    message: error.message,
    ...(error.cause === undefined ? {} : { cause: error.cause }),
    ...(error instanceof AggregateError ? { errors: error.errors } : {}),
    ...(error as object),
  })
  /** An object where every key can be one, else pairs. */
  const entriesOf = (map: Map<unknown, unknown>): object => {
    const pairs = toArray(map)
    for (let index = 0; index < pairs.length; index += 1) {
      if (typeof pairs[index]?.[0] !== 'string') return pairs
    }
    return fromEntries(pairs as [string, unknown][])
  }
  let isSent = false
  /** An upstream would be sent what nobody meant; a result that is there already is not thrown away. */
  const pending = (): string => {
    if (isSent) throw new TypeError('there is a promise in them, await it first')
    return 'Promise (await it to see its value)'
  }
  const KINDS: [prototype: object, convert: (value: never) => object | string][] = [
    [Error.prototype, fieldsOf],
    [Map.prototype, entriesOf],
    [Set.prototype, (set: Set<unknown>) => toArray(set)],
    [Promise.prototype, pending],
  ]

  /** In place only while something is encoded, so that a script's own JSON stays the language's. */
  const install = (prototype: object, convert: (value: never) => object | string): boolean => {
    if (hasOwn(prototype, 'toJSON')) return false
    const made = new Memory<object, object | string>()
    // What is met again is the same object again: that is how a circle is noticed.
    function toJSON(this: object): object | string {
      const known = apply(get, made, [this]) as object | string | undefined
      const value = known ?? convert(this as never)
      if (known === undefined) apply(set, made, [this, value])
      return value
    }
    return defineProperty(prototype, 'toJSON', { value: toJSON, configurable: true })
  }

  kernel.encode = (value, isToBeSent = false) => {
    if (typeof value !== 'object' || value === null) return stringify(value)
    isSent = isToBeSent
    const installed: boolean[] = []
    for (let at = 0; at < KINDS.length; at += 1) {
      const [prototype, convert] = KINDS[at] as (typeof KINDS)[number]
      installed[at] = install(prototype, convert)
    }
    try {
      return stringify(value)
    } finally {
      for (let at = 0; at < KINDS.length; at += 1) {
        if (installed[at]) deleteProperty((KINDS[at] as (typeof KINDS)[number])[0], 'toJSON')
      }
    }
  }
}

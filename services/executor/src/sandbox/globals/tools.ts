import type { Kernel } from './kernel.ts'

/** `tools`: every path is a function that the host answers. */
export function installTools(kernel: Kernel): void {
  const { host, parse, entries } = kernel
  interface Waiting {
    resolve(value: unknown): void
    reject(reason: unknown): void
  }
  const waiting: Record<number, Waiting> = Object.create(null)
  const paths = new WeakMap<object, string>()
  const readPath = paths.get.bind(paths)
  kernel.toolPath = (value) => readPath(value)

  const encode = (path: string, args: unknown): string => {
    let json: string | undefined
    try {
      json = kernel.encode(args, true)
    } catch (error) {
      throw new TypeError(
        `tools.${path}: its arguments cannot be turned into JSON: ${(error as Error)?.message}`,
      )
    }
    if (json?.[0] !== '{') {
      throw new TypeError(`tools.${path} takes one object: tools.${path}({ … }).`)
    }
    return json
  }

  // An answer that nobody waited for has no fields: `!r.ok` would say that a call failed which did not.
  const unawaited: object = Object.create(Promise.prototype)
  for (const name of ['ok', 'data', 'error', 'http', 'items', 'total', 'hasMore', 'nextOffset']) {
    Object.defineProperty(unawaited, name, {
      get(): never {
        throw new TypeError(
          `This is a promise, which has no "${name}": await the call, const r = await tools.…`,
        )
      },
    })
  }
  const { setPrototypeOf } = Object

  const call = (path: string, args: unknown): Promise<unknown> => {
    const answer = new Promise((resolve, reject) => {
      if (path.includes('\0')) throw new TypeError('No tool has a NUL in its path.')
      const index = host.call(path, encode(path, args === undefined ? {} : args))
      if (typeof index === 'string') throw new RangeError(index)
      waiting[index] = { resolve, reject }
    })
    return setPrototypeOf(answer, unawaited)
  }

  const refuse = (): never => {
    throw new TypeError(
      'Tools cannot be listed or changed here. Find them with tools.search({ query: "what you want to do" }).',
    )
  }

  const node = (path: string): object => {
    const proxy = new Proxy(() => undefined, {
      get: (_target, key) => {
        if (key === Symbol.toPrimitive) return () => (path === '' ? 'tools' : `tools.${path}`)
        // A promise asks for `then`, JSON for `toJSON`: neither asks for a tool.
        if (typeof key === 'symbol' || key === 'then' || key === 'toJSON') return undefined
        return node(path === '' ? key : `${path}.${key}`)
      },
      apply: (_target, _self, args) => {
        if (path === '') refuse()
        return call(path, args[0])
      },
      ownKeys: refuse,
      has: refuse,
      getOwnPropertyDescriptor: refuse,
      defineProperty: refuse,
      deleteProperty: refuse,
      set: refuse,
      setPrototypeOf: refuse,
    })
    paths.set(proxy, path)
    return proxy
  }

  kernel.define('tools', node(''))
  entries.settle = (index, throws, json) => {
    const { resolve, reject } = waiting[index] as Waiting
    delete waiting[index]
    try {
      const value = parse(json)
      if (throws === 0) return resolve(value)
      const error = new Error(value.message)
      if (value.name !== undefined) error.name = value.name
      reject(error)
    } catch (error) {
      reject(error)
    }
  }
}

import type { Kernel } from './kernel.ts'

/** `URL` and `URLSearchParams`. Parsing is the host's, by text in and text out. */
export function installUrl(kernel: Kernel): void {
  const { host, stringify, parse } = kernel
  const PARTS = [
    'href',
    'origin',
    'protocol',
    'username',
    'password',
    'host',
    'hostname',
    'port',
    'pathname',
    'search',
    'hash',
  ]
  const operate = (operation: string, ...operands: unknown[]): unknown =>
    parse(host.url(operation, stringify(operands)))
  const textOf = (value: unknown): string => String(value).toWellFormed()

  class URLSearchParams {
    #pairs: [string, string][] = []
    #changed: ((query: string) => void) | undefined
    constructor(init: unknown = '', changed?: (query: string) => void) {
      this.#pairs = readPairs(init)
      this.#changed = changed
    }
    /** Takes the pairs of another query, without telling its URL. */
    static replace(params: URLSearchParams, query: string): void {
      params.#pairs = readPairs(query)
    }
    #tell(): void {
      this.#changed?.(this.toString())
    }
    get size(): number {
      return this.#pairs.length
    }
    append(name: unknown, value: unknown): void {
      this.#pairs.push([textOf(name), textOf(value)])
      this.#tell()
    }
    delete(name: unknown, value?: unknown): void {
      const [key, only] = [textOf(name), value === undefined ? undefined : textOf(value)]
      this.#pairs = this.#pairs.filter(
        (pair) => pair[0] !== key || (only !== undefined && pair[1] !== only),
      )
      this.#tell()
    }
    get(name: unknown): string | null {
      const key = textOf(name)
      return this.#pairs.find((pair) => pair[0] === key)?.[1] ?? null
    }
    getAll(name: unknown): string[] {
      const key = textOf(name)
      return this.#pairs.filter((pair) => pair[0] === key).map((pair) => pair[1])
    }
    has(name: unknown, value?: unknown): boolean {
      const [key, only] = [textOf(name), value === undefined ? undefined : textOf(value)]
      return this.#pairs.some((pair) => pair[0] === key && (only === undefined || pair[1] === only))
    }
    set(name: unknown, value: unknown): void {
      const key = textOf(name)
      const at = this.#pairs.findIndex((pair) => pair[0] === key)
      const pair: [string, string] = [key, textOf(value)]
      if (at < 0) this.#pairs.push(pair)
      else {
        this.#pairs[at] = pair
        this.#pairs = this.#pairs.filter((other, index) => index <= at || other[0] !== key)
      }
      this.#tell()
    }
    sort(): void {
      this.#pairs.sort((one, other) => (one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : 0))
      this.#tell()
    }
    forEach(
      callback: (value: string, name: string, params: URLSearchParams) => void,
      self?: unknown,
    ): void {
      for (const [name, value] of this.#pairs) callback.call(self, value, name, this)
    }
    *entries(): IterableIterator<[string, string]> {
      for (const [name, value] of this.#pairs) yield [name, value]
    }
    *keys(): IterableIterator<string> {
      for (const pair of this.#pairs) yield pair[0]
    }
    *values(): IterableIterator<string> {
      for (const pair of this.#pairs) yield pair[1]
    }
    [Symbol.iterator](): IterableIterator<[string, string]> {
      return this.entries()
    }
    toString(): string {
      return String(operate('formatQuery', this.#pairs))
    }
    toJSON(): string {
      return this.toString()
    }
  }

  const readPairs = (init: unknown): [string, string][] => {
    if (init === null || (typeof init !== 'object' && typeof init !== 'function')) {
      return operate('parseQuery', textOf(init)) as [string, string][]
    }
    const isList = typeof Reflect.get(init, Symbol.iterator) === 'function'
    const pairs = isList ? Array.from(init as Iterable<unknown[]>) : Object.entries(init)
    return pairs.map((pair) => {
      const [name, value, ...rest] = pair as unknown[]
      if (rest.length > 0) throw new TypeError('URLSearchParams takes pairs of a name and a value.')
      return [textOf(name), textOf(value)]
    })
  }

  class URL {
    #parts: string[]
    #params: URLSearchParams | undefined
    constructor(url: unknown, base?: unknown) {
      const parts = URL.#read(url, base)
      if (parts === null) throw new TypeError(`Invalid URL: ${stringify(textOf(url))}`)
      this.#parts = parts
    }
    static #read(url: unknown, base: unknown): string[] | null {
      const operands = base === undefined ? [textOf(url)] : [textOf(url), textOf(base)]
      return operate('parse', ...operands) as string[] | null
    }
    static canParse(url: unknown, base?: unknown): boolean {
      return URL.#read(url, base) !== null
    }
    static parse(url: unknown, base?: unknown): URL | null {
      return URL.canParse(url, base) ? new URL(url, base) : null
    }
    static {
      for (let index = 0; index < PARTS.length; index += 1) {
        const name = PARTS[index] ?? ''
        Object.defineProperty(URL.prototype, name, {
          enumerable: true,
          configurable: true,
          get(this: URL) {
            return this.#parts[index]
          },
          set(this: URL, value: unknown) {
            if (name !== 'origin') this.#change(name, textOf(value))
          },
        })
      }
    }
    #change(name: string, value: string): void {
      const parts = operate('change', this.#parts[0], name, value) as string[] | null
      if (parts === null) throw new TypeError(`Invalid URL: ${stringify(value)}`)
      this.#parts = parts
      if (this.#params !== undefined && (name === 'href' || name === 'search')) {
        URLSearchParams.replace(this.#params, parts[9] ?? '')
      }
    }
    get searchParams(): URLSearchParams {
      this.#params ??= new URLSearchParams(this.#parts[9], (query) => {
        this.#parts = operate('change', this.#parts[0], 'search', query) as string[]
      })
      return this.#params
    }
    toString(): string {
      return this.#parts[0] ?? ''
    }
    toJSON(): string {
      return this.toString()
    }
  }
  kernel.define('URLSearchParams', URLSearchParams)
  kernel.define('URL', URL)
}

import type { Kernel } from './kernel.ts'

/** `console` and `emit`: what a script says besides its result. */
export function installConsole(kernel: Kernel): void {
  const { host, inspect, encode, stringify } = kernel
  const counts: Record<string, number> = Object.create(null)
  const started: Record<string, number> = Object.create(null)

  /** `%s` and its like, each with the next of the values; what is left of them follows. */
  const fill = (values: unknown[]): unknown[] => {
    const [line, ...open] = values
    if (typeof line !== 'string' || open.length === 0) return values
    const text = line.replace(/%[sdifjoOc%]/g, (mark) => {
      if (mark === '%%') return '%'
      if (open.length === 0) return mark
      const value = open.shift()
      if (mark === '%c') return ''
      if (mark === '%j') return String(stringify(value))
      if (mark === '%d') return String(typeof value === 'object' ? Number.NaN : Number(value))
      if (mark === '%i') return String(Number.parseInt(String(value), 10))
      return mark === '%f' ? String(Number.parseFloat(String(value))) : inspect(value)
    })
    return [text, ...open]
  }
  const write =
    (level: string) =>
    (...given: unknown[]): void => {
      const values = fill(given)
      let text = ''
      for (let index = 0; index < values.length; index += 1) {
        text += (index === 0 ? '' : ' ') + inspect(values[index])
      }
      // Text crosses as a C string, which a NUL would end.
      host.log(level, text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text)
    }
  const info = write('info')
  const silent = (): void => undefined

  kernel.define('console', {
    log: info,
    info,
    dir: (value: unknown) => info(value),
    table: (value: unknown) => info(value),
    group: info,
    groupCollapsed: info,
    groupEnd: silent,
    clear: silent,
    debug: write('debug'),
    trace: write('debug'),
    warn: write('warn'),
    error: write('error'),
    assert: (holds: unknown, ...values: unknown[]) => {
      if (!holds) write('error')('Assertion failed:', ...values)
    },
    count: (label = 'default') => {
      counts[label] = (counts[label] ?? 0) + 1
      info(`${label}: ${counts[label]}`)
    },
    time: (label = 'default') => {
      started[label] = Date.now()
    },
    timeLog: (label = 'default') =>
      info(`${label}: ${Date.now() - (started[label] ?? Date.now())} ms`),
    timeEnd: (label = 'default') => {
      info(`${label}: ${Date.now() - (started[label] ?? Date.now())} ms`)
      delete started[label]
    },
  })

  kernel.define('emit', (value: unknown) => {
    let json: string | undefined
    try {
      json = encode(value)
    } catch (error) {
      throw new TypeError(`emit: this cannot be turned into JSON: ${(error as Error)?.message}`)
    }
    if (json === undefined)
      throw new TypeError('emit needs a string, a content block or a ToolFile.')
    const refusal = host.emit(json)
    if (refusal !== undefined) throw new RangeError(refusal)
  })
}

import type { Kernel } from './kernel.ts'

/** Values as people read them: JSON where that says it, words where it does not. */
export function installInspect(kernel: Kernel): void {
  const DEPTH_MAX = 4
  const ITEMS_MAX = 100
  const TEXT_MAX = 10_000
  const REASONS_MAX = 10
  const REASON_MAX = 500
  const { stringify } = kernel

  const listed = (items: string[], total: number, open: string, close: string): string => {
    const more = total > items.length ? [`… ${total - items.length} more`] : []
    const all = [...items, ...more]
    return all.length === 0 ? `${open}${close}` : `${open} ${all.join(', ')} ${close}`
  }

  const explain = (error: Error, depth: number, above: object[]): string => {
    const within = [...above, error]
    const inner = (value: unknown): string => {
      const shown = typeof value === 'string' ? value : show(value, depth + 1, within)
      return shown.length > REASON_MAX ? `${shown.slice(0, REASON_MAX)}…` : shown
    }
    if (depth > DEPTH_MAX) return ''
    let text = ''
    if (error instanceof AggregateError && Array.isArray(error.errors)) {
      const { errors } = error
      const reasons = errors.slice(0, REASONS_MAX).map(inner)
      if (errors.length > reasons.length) reasons.push(`… ${errors.length - reasons.length} more`)
      text += ` (${errors.length} errors: ${reasons.join('; ')})`
    }
    return error.cause === undefined ? text : `${text} (because ${inner(error.cause)})`
  }

  const describeObject = (value: object, depth: number, above: object[]): string => {
    const path = kernel.toolPath(value)
    if (path !== undefined) return `[tool ${path}]`
    if (typeof value === 'function') return `[function ${value.name || 'anonymous'}]`
    if (above.includes(value)) return '[circular]'
    if (value instanceof Error)
      return `${value.name}: ${value.message}${explain(value, depth, above)}`
    if (value instanceof Date) return String(value)
    if (value instanceof RegExp) return String(value)
    if (value instanceof Promise) return 'Promise (await it to see its value)'
    if (depth > DEPTH_MAX) return Array.isArray(value) ? '[array]' : '[object]'
    const within = [...above, value]
    const inner = (item: unknown): string => show(item, depth + 1, within)
    if (value instanceof Map) {
      const items = [...value]
        .slice(0, ITEMS_MAX)
        .map(([key, item]) => `${inner(key)} => ${inner(item)}`)
      return `Map ${listed(items, value.size, '{', '}')}`
    }
    if (value instanceof Set) {
      return `Set ${listed([...value].slice(0, ITEMS_MAX).map(inner), value.size, '{', '}')}`
    }
    if (value instanceof ArrayBuffer) return `ArrayBuffer (${value.byteLength} bytes)`
    if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      const list = value as unknown as ArrayLike<unknown>
      const items = Array.prototype.slice.call(list, 0, ITEMS_MAX)
      return listed(Array.from(items, inner), list.length ?? 0, '[', ']')
    }
    const keys = Object.keys(value)
    const items = keys
      .slice(0, ITEMS_MAX)
      .map(
        (key) =>
          `${/^[\w$]+$/.test(key) ? key : stringify(key)}: ${inner(Reflect.get(value, key))}`,
      )
    return listed(items, keys.length, '{', '}')
  }

  const show = (value: unknown, depth: number, above: object[]): string => {
    if (typeof value === 'string') return depth === 0 ? value : stringify(value)
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value === 'symbol') return value.toString()
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
      return String(value)
    }
    return describeObject(value, depth, above)
  }

  kernel.explain = (error) => {
    try {
      return explain(error, 0, [])
    } catch {
      return ''
    }
  }
  kernel.inspect = (value) => {
    let text: string
    try {
      text = show(value, 0, [])
    } catch (error) {
      text = `[not to be shown: ${(error as Error)?.message}]`
    }
    return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}… (${text.length} characters)` : text
  }
}

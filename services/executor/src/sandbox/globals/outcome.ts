import type { Kernel } from './kernel.ts'

/** How a run's result, or what it threw, leaves the sandbox. */
export function installOutcome(kernel: Kernel): void {
  const { stringify, inspect, explain, encode, entries } = kernel

  entries.encode = (value) => {
    if (typeof value === 'function') {
      const path = kernel.toolPath(value)
      if (path === undefined) {
        throw new TypeError('The script returned a function. Call it and return what it answers.')
      }
      throw new TypeError(
        path === ''
          ? 'The script returned tools itself. Call one of them, as in return await tools.search({ query: "…" }).'
          : `The script returned the tool tools.${path} itself. Call it: return await tools.${path}({ … }).`,
      )
    }
    if (typeof value === 'symbol') {
      throw new TypeError('The script returned a symbol, which JSON cannot carry.')
    }
    try {
      return encode(value)
    } catch (error) {
      // Out of memory, or of stack: that says it better.
      if ((error as Error | null)?.name === 'InternalError') throw error
      throw new TypeError(
        `The script's result cannot be turned into JSON: ${(error as Error)?.message}. ` +
          'Return plain objects, arrays, strings, numbers and booleans.',
      )
    }
  }

  const text = (value: unknown): string | undefined => {
    if (value === undefined) return undefined
    const shown = typeof value === 'string' ? value : String(value)
    return shown.length > 10_000 ? `${shown.slice(0, 10_000)}…` : shown
  }
  entries.describe = (thrown) => {
    try {
      if (thrown instanceof Error) {
        const more = explain(thrown)
        return stringify({
          name: text(thrown.name),
          message: text(more === '' ? thrown.message : `${thrown.message}${more}`.trimStart()),
          stack: text(thrown.stack),
        })
      }
      return stringify({ message: inspect(thrown) })
    } catch {
      return '{"message":"The script threw something that cannot be described."}'
    }
  }
}

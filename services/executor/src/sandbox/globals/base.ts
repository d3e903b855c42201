import type { Entries, HostFunctions, Kernel } from './kernel.ts'

/** Everything the other globals build on; runs first. */
export function createKernel(host: HostFunctions): Kernel {
  const seeded: Kernel['seeded'] = []
  const entries = {} as Entries
  // What could tell two lives of one run apart, or share memory with another.
  for (const name of ['SharedArrayBuffer', 'WeakRef', 'FinalizationRegistry', 'Atomics']) {
    Reflect.deleteProperty(globalThis, name)
  }
  entries.begin = (seed) => {
    for (let index = 0; index < seeded.length; index += 1) seeded[index]?.(seed)
  }
  return {
    host,
    entries,
    seeded,
    apply: Reflect.apply,
    stringify: JSON.stringify,
    parse: JSON.parse,
    define: (name, value) => {
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true })
    },
    inspect: String,
    explain: () => '',
    encode: (value) => JSON.stringify(value),
    toolPath: () => undefined,
    random: () => 0,
  }
}

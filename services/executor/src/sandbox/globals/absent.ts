import type { Kernel } from './kernel.ts'

/** What agents reach for out of habit: each says what to use instead. */
export function installAbsent(kernel: Kernel): void {
  const NETWORK =
    'There is no network here: everything outside is reached through tools. ' +
    'Find the right one with tools.search({ query: "what you want to do" }).'
  const MODULES =
    'There are no modules here. The language, URL, TextEncoder, atob, structuredClone, crypto.randomUUID, ' +
    'timers and tools are global.'
  const absent = (message: string) => (): never => {
    throw new TypeError(message)
  }
  for (const name of ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource']) {
    kernel.define(name, absent(`${name} is not available. ${NETWORK}`))
  }
  kernel.define('require', absent(MODULES))
}

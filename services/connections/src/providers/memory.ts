import type { Secret } from '@executor/contracts'
import type { Item, WritableProvider } from './provider.ts'

/** Keeps values as long as the process lives: for programs that embed us and keep nothing. */
export function createMemoryProvider(): WritableProvider {
  const values = new Map<string, Secret>()
  return {
    key: 'memory',
    writable: true,
    get: async (item) => values.get(toText(item)) ?? null,
    async set(item, value) {
      values.set(toText(item), value)
    },
    async remove(items) {
      for (const item of items) values.delete(toText(item))
    },
  }
}

function toText({ tenant, owner, subject, id }: Item): string {
  return JSON.stringify([tenant, owner, subject, id])
}

import type { Log } from './log.ts'

/** Something that must be closed. */
export interface Closeable {
  close(): Promise<unknown> | unknown
}

export interface Lifetime {
  /** Registers a resource; resources are closed in reverse order. */
  own<T extends Closeable>(resource: T): T
  /** Starts work that outlives its request: logged when it fails, awaited on close. */
  background(name: string, task: Promise<unknown>): void
  close(): Promise<void>
}

/** Keeps what a process holds, and gives it back in reverse order. */
export function createLifetime(log: Log): Lifetime {
  const resources: Closeable[] = []
  const tasks = new Set<Promise<unknown>>()
  return {
    own(resource) {
      resources.push(resource)
      return resource
    },
    background(name, task) {
      const settled = task
        .catch((error: unknown) => log.error({ err: error, task: name }, 'background task failed'))
        .finally(() => tasks.delete(settled))
      tasks.add(settled)
    },
    async close() {
      await Promise.all(tasks)
      for (const resource of resources.splice(0).reverse()) {
        try {
          await resource.close()
        } catch (error) {
          // One resource that fails to close must not keep the others open.
          log.error({ err: error }, 'closing a resource failed')
        }
      }
    },
  }
}

/**
 * Lets the changes of a tenant's snapshots take turns within this process: what one of them has just
 * stored, and nothing points at yet, must not be dropped as unused by another.
 */
export interface Turns {
  take<T>(tenant: string, work: () => Promise<T>): Promise<T>
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    take(tenant, work) {
      const turn = (last.get(tenant) ?? Promise.resolve()).then(work)
      const end = turn.catch(() => {})
      last.set(tenant, end)
      void end.then(() => {
        if (last.get(tenant) === end) last.delete(tenant)
      })
      return turn
    },
  }
}

import type { Bus } from '@executor/bus'
import { connectionChanged, type Principal } from '@executor/contracts'

/** Milliseconds in which changes that follow each other are told as one. */
const CHANGES_MS = 250

/** Tells clients that what they see of the tools has changed. */
export interface Announcements {
  /** Calls back on every change that this principal may see, until it is told to stop. */
  follow(principal: Principal, tell: () => void): () => void
  close(): Promise<void>
}

/** The tools of `/mcp` are always the same, but one names what is connected. */
export async function followConnections(bus: Bus): Promise<Announcements> {
  const followers = new Set<{ principal: Principal; changed: () => void }>()
  const changes = await bus.subscribe(connectionChanged, ({ tenant, owner, subject, change }) => {
    if (change === 'updated') return
    for (const { principal, changed } of followers)
      if (principal.tenant === tenant && (owner === 'org' || principal.subject === subject))
        changed()
  })
  return {
    follow(principal, tell) {
      let timer: NodeJS.Timeout | undefined
      const changed = () => {
        timer ??= setTimeout(() => {
          timer = undefined
          tell()
        }, CHANGES_MS).unref()
      }
      const follower = { principal, changed }
      followers.add(follower)
      return () => {
        clearTimeout(timer)
        followers.delete(follower)
      }
    },
    close: () => changes.drain(),
  }
}

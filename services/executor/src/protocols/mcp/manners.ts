import type { McpConfig } from '@executor/contracts'
import { BoundedCache } from '../../bounded-cache.ts'

/** How a server wants to be spoken to, found out the hard way once. */
export interface ServerManners {
  /** It only knows the older transport. */
  isSse: boolean
  /** It is greeted in the older way at once. */
  isLegacy: boolean
}

/** Remembered while this process lives: a server that changed is found out again after a restart of either. */
export interface Manners {
  of(config: McpConfig): ServerManners
}

const SERVERS_MAX = 1_000

export function createManners(): Manners {
  const known = new BoundedCache<ServerManners>(SERVERS_MAX)
  return {
    of(config) {
      const key =
        config.transport === 'remote'
          ? config.endpoint
          : JSON.stringify([config.command, config.args, config.cwd])
      const found = known.find(key)
      if (found) return found
      const manners = { isSse: false, isLegacy: false }
      known.set(key, manners)
      return manners
    },
  }
}

import type { ExecutorDeps } from '../deps.ts'
import { HOLDER_GONE_MS } from '../store/holders.ts'
import { every } from './every.ts'

/** Milliseconds between two heartbeats; a few may be missed before others take over. */
const BEAT_MS = 2_000
/** Milliseconds without a heartbeat of our own that the store took: it was away, for others too. */
const UNHEARD_MS_MAX = 3 * BEAT_MS

/** This process as others see it: a holder of runs that is alive. */
export interface Presence {
  /** Who was not heard of is gone, as far as we know; not right after the store heard nobody. */
  canTellOthers(): boolean
  /** Runs that this process still holds may be taken up by others from now on. */
  close(): Promise<void>
}

/** Makes this process known, before it holds its first run: others take up what nobody known holds. */
export async function announceHolder(
  { store, settings }: ExecutorDeps,
  onError: (error: unknown, task: string) => void,
): Promise<Presence> {
  // One process per data directory: whoever held a run before is gone for certain.
  if (store.engine === 'sqlite') await store.forgetAllHolders()
  const heartbeat = createHeartbeat(() => store.beat(settings.holder))
  await heartbeat.beat()
  const task = every(
    BEAT_MS,
    () => heartbeat.beat(),
    (error) => onError(error, 'heartbeat'),
  )
  return {
    canTellOthers: heartbeat.canTellOthers,
    async close() {
      await task.stop()
      await store.forgetHolder(settings.holder)
    },
  }
}

interface Heartbeat extends Pick<Presence, 'canTellOthers'> {
  beat(): Promise<void>
}

function createHeartbeat(beat: () => Promise<void>): Heartbeat {
  let heardAt = Date.now()
  let trustFrom = 0
  return {
    async beat() {
      await beat()
      const now = Date.now()
      if (now - heardAt > UNHEARD_MS_MAX) trustFrom = now + HOLDER_GONE_MS
      heardAt = now
    },
    canTellOthers() {
      const now = Date.now()
      return now >= trustFrom && now - heardAt <= UNHEARD_MS_MAX
    },
  }
}

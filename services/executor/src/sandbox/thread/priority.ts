import { setPriority } from 'node:os'

const QUARANTINE_PRIORITY = 10

/** Scripts that compute for long give way to everything else. On Linux alone a thread has a priority of its own. */
export function lowerPriority(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(QUARANTINE_PRIORITY)
  } catch {
    // Not permitted here; the thread runs like the others.
  }
}

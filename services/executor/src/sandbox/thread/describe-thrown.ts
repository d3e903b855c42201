import type { Cell } from './cell.ts'
import { parseThrown, type Thrown } from './failures.ts'
import type { Value } from './quickjs.ts'

/** Kept free so that a script which used all its memory can still be asked what went wrong. */
const REPORT_BYTES = 8 * 1024 * 1024
const FULL_SHARE = 0.75

const OUT_OF_MEMORY: Thrown = { name: 'InternalError', message: 'out of memory' }

/** Lets the script grow past its limit, for what is asked of it at its end. */
export function leaveRoomToReport(cell: Cell, memoryBytes: number): void {
  cell.heapBytesMax = memoryBytes + REPORT_BYTES
}

/** Asks the script, which may use `memoryBytes`, what it threw. */
export function describeThrown(cell: Cell, thrown: Value, memoryBytes: number): Thrown {
  const { quickjs, entries } = cell
  leaveRoomToReport(cell, memoryBytes)
  const described = quickjs.call(entries.describe, [thrown])
  const told = described.ok ? parseThrown(quickjs.toText(described.value)) : { message: 'null' }
  // Without memory for an error of its own, QuickJS throws null.
  const isFull = cell.usedBytes > memoryBytes * FULL_SHARE
  return isFull && told.message === 'null' && told.name === undefined ? OUT_OF_MEMORY : told
}

import { setImmediate } from 'node:timers/promises'

/** Bytes that are copied before others get their turn; fresh memory costs up to 7 ms a megabyte. */
const SLICE_BYTES = 256 * 1024

/** The chunks as one; a promise where that would keep others waiting. */
export function joinChunks(chunks: readonly Buffer[], size: number): Buffer | Promise<Buffer> {
  const [first] = chunks
  if (chunks.length === 1 && first) return first
  return size <= SLICE_BYTES ? Buffer.concat(chunks, size) : joinInTurns(chunks, size)
}

async function joinInTurns(chunks: readonly Buffer[], size: number): Promise<Buffer> {
  const joined = Buffer.allocUnsafeSlow(size)
  let at = 0
  let pauseAt = SLICE_BYTES
  for (const chunk of chunks) {
    at += chunk.copy(joined, at)
    if (at < pauseAt) continue
    pauseAt = at + SLICE_BYTES
    await setImmediate()
  }
  return joined
}

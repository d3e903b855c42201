import type { Body } from '../answer.ts'
import { busFailure } from '../failures.ts'
import { toFrameHeaders } from './headers.ts'
import type { Line } from './line.ts'

/** What the server must take in one message, headers included; its own default. */
export const MESSAGE_BYTES_NEEDED = 1024 * 1024
/** Longer bodies go in chunks, which leaves room for headers and for other messages in between. */
export const INLINE_BYTES_MAX = 512 * 1024
const CHUNK_BYTES = 256 * 1024
/** What one pull is answered with: enough to hide the way there and back, little enough to queue. */
const WINDOW_BYTES = 8 * CHUNK_BYTES
/** All long bodies that one process puts together at one time. */
const ASSEMBLING_BYTES_MAX = 256 * 1024 * 1024

export function toText({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString()
}

/** JSON text and, at the end, the bytes that travel beside it. */
export function toBody(
  subject: string,
  data: Uint8Array,
  attachmentBytes: number | undefined,
): Body {
  if (attachmentBytes === undefined) return { text: toText(data), attachment: undefined }
  const at = data.length - attachmentBytes
  if (!Number.isInteger(at) || at < 0 || attachmentBytes < 0) throw busFailure.malformed(subject)
  // A copy of its own: whoever gets it may hand its memory on to another thread.
  const attachment = Uint8Array.prototype.slice.call(data, at)
  return { text: toText(data.subarray(0, at)), attachment }
}

/** Sends the window that was asked for; says whether it held the last byte. */
export function sendWindow(line: Line, subject: string, body: Uint8Array, offset: number): boolean {
  const end = Math.min(offset + WINDOW_BYTES, body.length)
  for (let start = offset; start < end; start += CHUNK_BYTES) {
    const data = body.subarray(start, Math.min(start + CHUNK_BYTES, end))
    line.send({ subject, data, headers: toFrameHeaders({ kind: 'chunk', count: start }) })
  }
  return end === body.length
}

/** A long body on its way in, pulled window by window. */
export class Assembly {
  readonly #bytes: number
  readonly #pull: (offset: number) => void
  readonly #chunks: Uint8Array[] = []
  #received = 0

  constructor(bytes: number, pull: (offset: number) => void) {
    this.#bytes = bytes
    this.#pull = pull
    pull(0)
  }

  /** Takes a chunk; says whether it was the last. One that comes twice or too late is ignored. */
  accept(offset: number, data: Uint8Array): boolean {
    if (offset !== this.#received || data.length === 0) return false
    if (this.#received + data.length > this.#bytes) return false
    // The client reuses nothing, but a view would keep its whole read buffer alive.
    this.#chunks.push(Uint8Array.prototype.slice.call(data))
    this.#received += data.length
    if (this.#received === this.#bytes) return true
    if (this.#received % WINDOW_BYTES === 0) this.#pull(this.#received)
    return false
  }

  /** Everything that came. */
  bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}

/** Bounds what long bodies may take of this process's memory. */
export class AssemblyBudget {
  #bytes = 0

  reserve(bytes: number): void {
    if (this.#bytes + bytes > ASSEMBLING_BYTES_MAX) throw busFailure.tooManyRequests()
    this.#bytes += bytes
  }

  release(bytes: number): void {
    this.#bytes -= bytes
  }
}

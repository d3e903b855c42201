import { invariant } from '@executor/contracts'

const PAGE = 4096
const WORD_BYTES = Uint32Array.BYTES_PER_ELEMENT
/** The emscripten stack lies between the static data and the heap: the only hole of this size. */
const STACK_HOLE_BYTES = 1024 * 1024
const STACK_CHUNK_BYTES = 16 * 1024
/** Static data that is still zero when the image is taken lies at most this far into the hole. */
const STATIC_MARGIN_BYTES = 64 * 1024
const STATIC_BYTES_MAX = 1024 * 1024
const ZEROS = new Uint8Array(STACK_HOLE_BYTES)

interface Layout {
  staticEnd: number
  /** From here on the upper end of the stack and the heap. */
  upperStart: number
  upperEnd: number
}

/**
 * What a WebAssembly memory held when a sandbox was set up in it. Put back after every run, it makes
 * the memory the one of a sandbox in which nothing ever ran, in the time it takes to copy half a
 * megabyte, and with it every object, counter and secret of the run before is gone.
 */
export interface MemoryImage {
  layout: Layout
  lower: Uint8Array
  upper: Uint8Array
  /** Where in the static data the allocator keeps its break, counted in words. */
  breakWord: number
}

/** A copy of the part of a memory that static data may lie in, from before anything ran. */
export function copyStatic(memory: WebAssembly.Memory): Uint8Array {
  return new Uint8Array(memory.buffer.slice(0, STATIC_BYTES_MAX))
}

/** `pristine` is what `copyStatic` answered. */
export function takeImage(memory: WebAssembly.Memory, pristine: Uint8Array): MemoryImage {
  const bytes = new Uint8Array(memory.buffer)
  const { staticEnd, upperStart } = findLayout(bytes)
  const breakWord = findBreak(bytes, { pristine, staticEnd, upperStart })
  const upperEnd = heapEnd(memory, breakWord)
  return {
    layout: { staticEnd, upperStart, upperEnd },
    lower: bytes.slice(0, staticEnd),
    upper: bytes.slice(upperStart, upperEnd),
    breakWord,
  }
}

/** Fills a memory in which nothing ran yet. */
export function putImage(memory: WebAssembly.Memory, image: MemoryImage): void {
  const bytes = new Uint8Array(memory.buffer)
  bytes.set(image.lower)
  bytes.set(image.upper, image.layout.upperStart)
}

/** Puts the image back over whatever a run left. */
export function restoreImage(memory: WebAssembly.Memory, image: MemoryImage): void {
  const bytes = new Uint8Array(memory.buffer)
  const end = heapEnd(memory, image.breakWord)
  if (end > image.layout.upperEnd) bytes.fill(0, image.layout.upperEnd, end)
  wipeStack(bytes, image.layout.upperStart)
  putImage(memory, image)
}

/** How much of the heap was ever in use. */
export function heapBytes(memory: WebAssembly.Memory, image: MemoryImage): number {
  return heapEnd(memory, image.breakWord) - image.layout.upperStart
}

/** The allocator never gives memory back: its break is the end of all that it ever used. */
function heapEnd(memory: WebAssembly.Memory, breakWord: number): number {
  const [end = 0] = new Uint32Array(memory.buffer, breakWord * WORD_BYTES, 1)
  return Math.min(end, memory.buffer.byteLength)
}

/**
 * Of the words of the static data that setting up changed, the one that says where the heap ends. Others
 * are no addresses and may be larger, like the allocator's maps of its bins: nothing lies below those.
 */
function findBreak(
  bytes: Uint8Array,
  { pristine, staticEnd, upperStart }: Omit<Layout, 'upperEnd'> & { pristine: Uint8Array },
): number {
  const before = new Uint32Array(pristine.buffer, 0, staticEnd / WORD_BYTES)
  const after = new Uint32Array(bytes.buffer, 0, staticEnd / WORD_BYTES)
  const candidates = [...after.keys()].filter((word) => {
    const value = after[word] ?? 0
    return value !== before[word] && value > upperStart && value <= bytes.length
  })
  candidates.sort((a, b) => (after[b] ?? 0) - (after[a] ?? 0))
  const found = candidates.find((word, index) => {
    const below = after[candidates[index + 1] ?? -1] ?? upperStart
    return !isEmpty(bytes, below, after[word] ?? 0)
  })
  invariant(found !== undefined, 'an allocator that was used keeps its break')
  return found
}

/**
 * Throws unless the heap is seen to grow where it did: `bytes` more than the image holds were used. What
 * would lie beyond the end that is known would be left to the next run.
 */
export function assertSeesGrowth(
  memory: WebAssembly.Memory,
  image: MemoryImage,
  bytes: number,
): void {
  const end = heapEnd(memory, image.breakWord)
  const isSeen = end >= image.layout.upperEnd + bytes
  const all = new Uint8Array(memory.buffer)
  invariant(isSeen && isEmpty(all, end, all.length), 'nothing lies beyond the end of the heap')
}

/** The stack grows down, and whatever used it left something in every chunk. */
function wipeStack(bytes: Uint8Array, top: number): void {
  for (let end = top; end > STACK_CHUNK_BYTES; end -= STACK_CHUNK_BYTES) {
    const chunk = bytes.subarray(end - STACK_CHUNK_BYTES, end)
    if (isZero(chunk)) return
    chunk.fill(0)
  }
}

/** Looks no further than it has to: a page of fresh memory costs more to be read than one in use. */
function findLayout(bytes: Uint8Array): Omit<Layout, 'upperEnd'> {
  let holeStart = 0
  let page = 0
  const pages = Math.floor(bytes.length / PAGE)
  const isFree = (index: number) => isZero(bytes.subarray(index * PAGE, (index + 1) * PAGE))
  for (; page < pages; page += 1) {
    if (!isFree(page)) {
      if ((page - holeStart) * PAGE >= STACK_HOLE_BYTES) break
      holeStart = page + 1
    }
  }
  return { staticEnd: holeStart * PAGE + STATIC_MARGIN_BYTES, upperStart: page * PAGE }
}

function isEmpty(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += ZEROS.length) {
    if (!isZero(bytes.subarray(at, Math.min(to, at + ZEROS.length)))) return false
  }
  return true
}

function isZero(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) === 0
}

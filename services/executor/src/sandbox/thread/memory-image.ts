const PAGE = 4096
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
  /** Words of the static data that setting up changed; the allocator's break is among them. */
  changedWords: Uint32Array
}

/** A copy of the part of a memory that static data may lie in, from before anything ran. */
export function copyStatic(memory: WebAssembly.Memory): Uint8Array {
  return new Uint8Array(memory.buffer.slice(0, STATIC_BYTES_MAX))
}

/** `pristine` is what `copyStatic` answered. */
export function takeImage(memory: WebAssembly.Memory, pristine: Uint8Array): MemoryImage {
  const bytes = new Uint8Array(memory.buffer)
  const { staticEnd, upperStart } = findLayout(bytes)
  const before = new Uint32Array(pristine.buffer, 0, staticEnd / 4)
  const after = new Uint32Array(memory.buffer, 0, staticEnd / 4)
  const changed: number[] = []
  for (let word = 0; word < after.length; word += 1) {
    if (before[word] !== after[word]) changed.push(word)
  }
  const changedWords = Uint32Array.from(changed)
  const upperEnd = heapEnd(memory, staticEnd, changedWords)
  return {
    layout: { staticEnd, upperStart, upperEnd },
    lower: bytes.slice(0, staticEnd),
    upper: bytes.slice(upperStart, upperEnd),
    changedWords,
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
  const end = heapEnd(memory, image.layout.staticEnd, image.changedWords)
  if (end > image.layout.upperEnd) bytes.fill(0, image.layout.upperEnd, end)
  wipeStack(bytes, image.layout.upperStart)
  putImage(memory, image)
}

/** How much of the heap was ever in use. */
export function heapBytes(memory: WebAssembly.Memory, image: MemoryImage): number {
  const { staticEnd, upperStart } = image.layout
  return heapEnd(memory, staticEnd, image.changedWords) - upperStart
}

/**
 * The allocator never gives memory back, and keeps its break, the end of all it ever used, in static
 * data. No other word there that it changes is a larger address.
 */
function heapEnd(memory: WebAssembly.Memory, staticEnd: number, changedWords: Uint32Array): number {
  const size = memory.buffer.byteLength
  const words = new Uint32Array(memory.buffer, 0, staticEnd / 4)
  let end = 0
  for (const word of changedWords) {
    const value = words[word] ?? 0
    if (value > end && value <= size) end = value
  }
  return end
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

function isZero(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) === 0
}

import type { Entries, HostFunctions } from '../globals/kernel.ts'
import { heapBytes, type MemoryImage, restoreImage } from './memory-image.ts'
import type { Addresses, Quickjs, Value } from './quickjs.ts'

/** Pages that the WebAssembly module asks for; a memory that grew beyond them is not used again. */
export const CELL_PAGES = 256
export const PAGE_BYTES = 65_536
/** What is left of that for a script, beside the stack, QuickJS and the globals. */
export const CELL_HEAP_BYTES = 8 * 1024 * 1024

/** What a script's globals ask of the run that is inside. URLs they ask of nobody. */
export type Guest = Omit<HostFunctions, 'url'>

/** Where the run that is inside is found by those who are asked. */
export interface Seat {
  guest: Guest | null
}

/** What all cells of a thread have in common. */
export interface CellTemplate {
  image: MemoryImage
  addresses: Addresses
  entries: Record<keyof Entries, Value>
}

interface CellParts {
  memory: WebAssembly.Memory
  quickjs: Quickjs
  seat: Seat
  template: CellTemplate
}

/** One sandbox: a WebAssembly memory with QuickJS and the globals in it, used by one run after another. */
export class Cell {
  readonly quickjs: Quickjs
  readonly entries: CellTemplate['entries']
  /** What the heap may occupy. Only growing beyond the first size can be refused. */
  heapBytesMax = CELL_HEAP_BYTES
  readonly #memory: WebAssembly.Memory
  readonly #image: MemoryImage
  readonly #seat: Seat

  constructor({ memory, quickjs, seat, template }: CellParts) {
    this.quickjs = quickjs
    this.entries = template.entries
    this.#memory = memory
    this.#image = template.image
    this.#seat = seat
    this.#boundGrowth()
  }

  /** How far beyond its first size the memory grew. */
  get grownBytes(): number {
    return this.#memory.buffer.byteLength - CELL_PAGES * PAGE_BYTES
  }

  /** The most that was ever in use since the cell was new. */
  get usedBytes(): number {
    return heapBytes(this.#memory, this.#image)
  }

  /** A copy of all it holds. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#memory.buffer.slice(0))
  }

  /** Lets a run in. */
  admit(guest: Guest, shouldStop: () => boolean): void {
    this.#seat.guest = guest
    this.quickjs.shouldStop = shouldStop
  }

  /** Makes the cell as new; says whether it can be used again. */
  restore(): boolean {
    this.#seat.guest = null
    this.quickjs.shouldStop = () => false
    this.quickjs.forget()
    this.heapBytesMax = CELL_HEAP_BYTES
    if (this.grownBytes > 0) return false
    restoreImage(this.#memory, this.#image)
    return true
  }

  /** QuickJS counts its allocations on other platforms; in WebAssembly this is what bounds them. */
  #boundGrowth(): void {
    const memory = this.#memory
    const grow = memory.grow.bind(memory)
    memory.grow = (pages) => {
      const bytes = memory.buffer.byteLength + pages * PAGE_BYTES
      if (bytes > this.#image.layout.upperStart + this.heapBytesMax) throw new HeapFull()
      return grow(pages)
    }
  }
}

/** Understood by the allocator, which then has no memory to give. */
class HeapFull extends Error {
  override readonly name = 'HeapFull'
}

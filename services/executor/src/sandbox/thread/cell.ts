import { readFile } from 'node:fs/promises'
import type { EmscriptenModuleLoader, QuickJSEmscriptenModule } from '@jitl/quickjs-ffi-types'
import loader from '@jitl/quickjs-wasmfile-release-sync/emscripten-module'
import { QuickJSFFI } from '@jitl/quickjs-wasmfile-release-sync/ffi'
import { ENTRIES, type Entries, HOST_FUNCTIONS, type HostFunctions } from '../globals/kernel.ts'
import { globalsProgram } from '../globals/program.ts'
import type { SandboxLimits } from '../limits.ts'
import { heapBytes, type MemoryImage, putImage, restoreImage, takeImage } from './memory-image.ts'
import {
  type Addresses,
  type Emscripten,
  type HostFunction,
  Quickjs,
  type Value,
} from './quickjs.ts'
import { operateUrl } from './url-operations.ts'
import { setClock } from './virtual-time.ts'

/** Pages that the WebAssembly module asks for; a memory that grew beyond them is not used again. */
const PAGES = 256
const PAGE_BYTES = 65_536
/** Text on its way in lies beside the script's own values, and the allocator wastes some. */
const MARGIN_PAGES = 1024

const CELL_BYTES = PAGES * PAGE_BYTES
/** What is left of that for a script, beside the stack, QuickJS and the globals. */
export const CELL_HEAP_BYTES = 8 * 1024 * 1024

/** What a script's globals ask of the run that is inside. URLs the cell answers itself. */
export type Guest = Omit<HostFunctions, 'url'>
type EntryValues = Record<keyof Entries, Value>

interface Template {
  image: MemoryImage
  addresses: Addresses
  entries: EntryValues
}

// The package's typings describe its CommonJS half, where the loader is a property; here it is the default.
const loadModule = loader as unknown as EmscriptenModuleLoader<QuickJSEmscriptenModule>

/** One sandbox: a WebAssembly memory with QuickJS and the globals in it, used by one run after another. */
export class Cell {
  readonly quickjs: Quickjs
  readonly entries: EntryValues
  readonly #memory: WebAssembly.Memory
  readonly #image: MemoryImage
  /** The run inside. */
  guest: Guest | null
  /** What the heap may occupy. Only growing beyond the first size can be refused. */
  heapBytesMax = CELL_HEAP_BYTES

  constructor(quickjs: Quickjs, memory: WebAssembly.Memory, template: Template) {
    this.quickjs = quickjs
    this.entries = template.entries
    this.#memory = memory
    this.#image = template.image
    this.guest = null
    // QuickJS counts its allocations on other platforms; here this is what bounds them.
    const grow = memory.grow.bind(memory)
    memory.grow = (pages) => {
      const bytes = memory.buffer.byteLength + pages * PAGE_BYTES
      if (bytes > this.#image.layout.upperStart + this.heapBytesMax) throw new HeapFull()
      return grow(pages)
    }
  }

  /** How far beyond its first size the memory grew. */
  get grownBytes(): number {
    return this.#memory.buffer.byteLength - CELL_BYTES
  }

  /** A copy of all it holds. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#memory.buffer.slice(0))
  }

  /** The most that was ever in use since the cell was new. */
  get usedBytes(): number {
    return heapBytes(this.#memory, this.#image)
  }

  /** Makes the cell as new; says whether it can be used again. */
  restore(): boolean {
    this.guest = null
    this.heapBytesMax = CELL_HEAP_BYTES
    this.quickjs.shouldStop = () => false
    if (this.grownBytes > 0) return false
    restoreImage(this.#memory, this.#image)
    return true
  }
}

/** Makes the cells of one thread. The first is set up step by step, the others are copies of it. */
export async function openCells(wasm: string, limits: SandboxLimits): Promise<() => Promise<Cell>> {
  const compiled = await WebAssembly.compile(await readFile(wasm))
  const maximum = PAGES + Math.ceil(limits.memoryBytes / PAGE_BYTES) + MARGIN_PAGES
  let template: Template | null = null

  return async () => {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum })
    const module = await loadModule({
      wasmMemory: memory,
      // An abort inside ends in an exception that the thread handles; it has nothing to print.
      ...{ print: () => undefined, printErr: () => undefined },
      instantiateWasm: (imports, done) => {
        const instance = new WebAssembly.Instance(compiled, imports)
        done(instance)
        return instance.exports
      },
    })
    let cell: Cell | null = null
    const functions = hostFunctions(() => cell?.guest ?? null)
    template ??= makeTemplate(new Uint8Array(memory.buffer.slice(0)), memory, (at) =>
      newQuickjs(module, functions, at),
    )
    function newQuickjs(emscripten: Emscripten, hosts: HostFunction[], at?: Addresses): Quickjs {
      return new Quickjs(emscripten, new QuickJSFFI(emscripten), hosts, at)
    }
    putImage(memory, template.image)
    cell = new Cell(newQuickjs(module, functions, template.addresses), memory, template)
    return cell
  }
}

function makeTemplate(
  pristine: Uint8Array,
  memory: WebAssembly.Memory,
  open: (at?: Addresses) => Quickjs,
): Template {
  setClock(0)
  const quickjs = open()
  const program = quickjs.evaluate(globalsProgram(), 'sandbox')
  if (!program.ok) throw new GlobalsBroken(quickjs.toText(program.thrown))
  const host = quickjs.newObject(
    Object.fromEntries(HOST_FUNCTIONS.map((name, id) => [name, quickjs.newFunction(name, id)])),
  )
  const entries = quickjs.call(program.value, [host])
  if (!entries.ok) throw new GlobalsBroken(quickjs.toText(entries.thrown))
  const values = Object.fromEntries(
    ENTRIES.map((name) => [name, quickjs.getProperty(entries.value, name)]),
  )
  const image = takeImage(memory, pristine)
  return { image, addresses: quickjs.addresses, entries: values as EntryValues }
}

/** Understood by the allocator, which then has no memory to give. */
class HeapFull extends Error {
  override readonly name = 'HeapFull'
}

/** A bug in the globals: they do not run in QuickJS. */
class GlobalsBroken extends Error {
  override readonly name = 'GlobalsBroken'
}

function hostFunctions(guest: () => Guest | null): HostFunction[] {
  const table: Record<(typeof HOST_FUNCTIONS)[number], HostFunction> = {
    call: (args) => guest()?.call(args.text(0), args.text(1)),
    log: (args) => guest()?.log(args.text(0), args.text(1)) ?? undefined,
    emit: (args) => guest()?.emit(args.text(0)) ?? undefined,
    arm: (args) => guest()?.arm(args.number(0), args.number(1), args.number(2)),
    disarm: (args) => guest()?.disarm(args.number(0)) ?? undefined,
    url: (args) => operateUrl(args.text(0), args.text(1)),
  }
  return HOST_FUNCTIONS.map((name) => table[name])
}

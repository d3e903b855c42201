import { readFile } from 'node:fs/promises'
import type { EmscriptenModuleLoader, QuickJSEmscriptenModule } from '@jitl/quickjs-ffi-types'
import loader from '@jitl/quickjs-wasmfile-release-sync/emscripten-module'
import { QuickJSFFI } from '@jitl/quickjs-wasmfile-release-sync/ffi'
import { ENTRIES, HOST_FUNCTIONS } from '../globals/kernel.ts'
import { globalsProgram } from '../globals/program.ts'
import type { SandboxLimits } from '../limits.ts'
import { CELL_PAGES, Cell, type CellTemplate, PAGE_BYTES, type Seat } from './cell.ts'
import { assertSeesGrowth, copyStatic, putImage, takeImage } from './memory-image.ts'
import { type HostFunction, type Instance, type Outcome, Quickjs, type Value } from './quickjs.ts'
import { exportTable } from './rejection-tracker.ts'
import { operateUrl } from './url-operations.ts'
import { setClock } from './virtual-time.ts'

/** Text on its way in lies beside the script's own values, and the allocator wastes some. */
const MARGIN_PAGES = 1024
/** By how much the heap of the mould is made to grow, to see that its growth is seen. */
const TRIAL_BYTES = 1024 * 1024

// The package's typings describe its CommonJS half, where the loader is a property; here it is the default.
const loadModule = loader as unknown as EmscriptenModuleLoader<QuickJSEmscriptenModule>

/** What cells are made from, on whichever thread: QuickJS compiled, and a memory with all set up in it. */
export interface CellMould {
  module: WebAssembly.Module
  template: CellTemplate
}

/** Makes a mould, which takes a hundred times as long as making a cell from it. */
export async function makeMould(wasm: string, limits: SandboxLimits): Promise<CellMould> {
  const module = await WebAssembly.compile(exportTable(await readFile(wasm)))
  const memory = newMemory(limits)
  const instance = await instantiate(module, memory)
  const functions = hostFunctions({ guest: null })
  return { module, template: makeTemplate(memory, () => new Quickjs(instance, functions)) }
}

/** Makes one cell after another, all of them the same to the last byte. */
export function openCells(
  { module, template }: CellMould,
  limits: SandboxLimits,
): () => Promise<Cell> {
  return async () => {
    const memory = newMemory(limits)
    const instance = await instantiate(module, memory)
    const seat: Seat = { guest: null }
    const functions = hostFunctions(seat)
    putImage(memory, template.image)
    const quickjs = new Quickjs(instance, functions, template.addresses)
    return new Cell({ memory, quickjs, seat, template })
  }
}

function newMemory({ memoryBytes }: SandboxLimits): WebAssembly.Memory {
  const maximum = CELL_PAGES + Math.ceil(memoryBytes / PAGE_BYTES) + MARGIN_PAGES
  return new WebAssembly.Memory({ initial: CELL_PAGES, maximum })
}

/** A script that makes QuickJS abort ends in an exception that the thread handles; nothing is printed. */
const SILENT = { print: () => undefined, printErr: () => undefined }

async function instantiate(
  compiled: WebAssembly.Module,
  wasmMemory: WebAssembly.Memory,
): Promise<Instance> {
  let exports: WebAssembly.Exports = {}
  const module = await loadModule({
    ...SILENT,
    wasmMemory,
    instantiateWasm: (imports, done) => {
      const instance = new WebAssembly.Instance(compiled, imports)
      exports = instance.exports
      done(instance)
      return exports
    },
  })
  return { module, ffi: new QuickJSFFI(module), exports }
}

function makeTemplate(memory: WebAssembly.Memory, open: () => Quickjs): CellTemplate {
  const pristine = copyStatic(memory)
  setClock(0)
  const quickjs = open()
  quickjs.assertTracks()
  const install = unwrap(quickjs, quickjs.evaluate(globalsProgram(), 'sandbox'))
  const host = quickjs.newObject(
    Object.fromEntries(HOST_FUNCTIONS.map((name, id) => [name, quickjs.newFunction(name, id)])),
  )
  const globals = unwrap(quickjs, quickjs.call(install, [host]))
  const entries = Object.fromEntries(
    ENTRIES.map((name) => [name, quickjs.getProperty(globals, name)]),
  ) as CellTemplate['entries']
  const image = takeImage(memory, pristine)
  unwrap(quickjs, quickjs.evaluate(`new Uint8Array(${2 * TRIAL_BYTES}).fill(1); 0`, 'trial'))
  assertSeesGrowth(memory, image, TRIAL_BYTES)
  return { image, addresses: quickjs.addresses, entries }
}

function unwrap(quickjs: Quickjs, outcome: Outcome): Value {
  if (!outcome.ok) throw new GlobalsBroken(quickjs.toText(outcome.thrown))
  return outcome.value
}

/** A bug in the globals: they do not run in QuickJS. */
class GlobalsBroken extends Error {
  override readonly name = 'GlobalsBroken'
}

function hostFunctions(seat: Seat): HostFunction[] {
  const table: Record<(typeof HOST_FUNCTIONS)[number], HostFunction> = {
    call: (args) => seat.guest?.call(args.text(0), args.text(1)),
    log: (args) => seat.guest?.log(args.text(0), args.text(1)) ?? undefined,
    emit: (args) => seat.guest?.emit(args.text(0)),
    arm: (args) => seat.guest?.arm(args.number(0), args.number(1), args.number(2)),
    disarm: (args) => seat.guest?.disarm(args.number(0)) ?? undefined,
    url: (args) => operateUrl(args.text(0), args.text(1)),
  }
  return HOST_FUNCTIONS.map((name) => table[name])
}

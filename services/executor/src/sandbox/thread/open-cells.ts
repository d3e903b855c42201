import { readFile } from 'node:fs/promises'
import type { EmscriptenModuleLoader, QuickJSEmscriptenModule } from '@jitl/quickjs-ffi-types'
import loader from '@jitl/quickjs-wasmfile-release-sync/emscripten-module'
import { QuickJSFFI } from '@jitl/quickjs-wasmfile-release-sync/ffi'
import { ENTRIES, HOST_FUNCTIONS } from '../globals/kernel.ts'
import { globalsProgram } from '../globals/program.ts'
import type { SandboxLimits } from '../limits.ts'
import { CELL_PAGES, Cell, type CellTemplate, PAGE_BYTES, type Seat } from './cell.ts'
import { copyStatic, putImage, takeImage } from './memory-image.ts'
import { type HostFunction, type Outcome, Quickjs, type Value } from './quickjs.ts'
import { operateUrl } from './url-operations.ts'
import { setClock } from './virtual-time.ts'

/** Text on its way in lies beside the script's own values, and the allocator wastes some. */
const MARGIN_PAGES = 1024

// The package's typings describe its CommonJS half, where the loader is a property; here it is the default.
const loadModule = loader as unknown as EmscriptenModuleLoader<QuickJSEmscriptenModule>

/** Makes the cells of one thread. The first is set up step by step, the others are copies of it. */
export async function openCells(wasm: string, limits: SandboxLimits): Promise<() => Promise<Cell>> {
  const compiled = await WebAssembly.compile(await readFile(wasm))
  const maximum = CELL_PAGES + Math.ceil(limits.memoryBytes / PAGE_BYTES) + MARGIN_PAGES
  let template: CellTemplate | null = null

  return async () => {
    const memory = new WebAssembly.Memory({ initial: CELL_PAGES, maximum })
    const module = await instantiate(compiled, memory)
    const ffi = new QuickJSFFI(module)
    const seat: Seat = { guest: null }
    const functions = hostFunctions(seat)
    template ??= makeTemplate(memory, () => new Quickjs(module, ffi, functions))
    putImage(memory, template.image)
    const quickjs = new Quickjs(module, ffi, functions, template.addresses)
    return new Cell({ memory, quickjs, seat, template })
  }
}

/** A script that makes QuickJS abort ends in an exception that the thread handles; nothing is printed. */
const SILENT = { print: () => undefined, printErr: () => undefined }

async function instantiate(
  compiled: WebAssembly.Module,
  wasmMemory: WebAssembly.Memory,
): Promise<QuickJSEmscriptenModule> {
  return loadModule({
    ...SILENT,
    wasmMemory,
    instantiateWasm: (imports, done) => {
      const instance = new WebAssembly.Instance(compiled, imports)
      done(instance)
      return instance.exports
    },
  })
}

function makeTemplate(memory: WebAssembly.Memory, open: () => Quickjs): CellTemplate {
  const pristine = copyStatic(memory)
  setClock(0)
  const quickjs = open()
  const install = unwrap(quickjs, quickjs.evaluate(globalsProgram(), 'sandbox'))
  const host = quickjs.newObject(
    Object.fromEntries(HOST_FUNCTIONS.map((name, id) => [name, quickjs.newFunction(name, id)])),
  )
  const globals = unwrap(quickjs, quickjs.call(install, [host]))
  const entries = Object.fromEntries(
    ENTRIES.map((name) => [name, quickjs.getProperty(globals, name)]),
  ) as CellTemplate['entries']
  return { image: takeImage(memory, pristine), addresses: quickjs.addresses, entries }
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
    emit: (args) => seat.guest?.emit(args.text(0)) ?? undefined,
    arm: (args) => seat.guest?.arm(args.number(0), args.number(1), args.number(2)),
    disarm: (args) => seat.guest?.disarm(args.number(0)) ?? undefined,
    url: (args) => operateUrl(args.text(0), args.text(1)),
  }
  return HOST_FUNCTIONS.map((name) => table[name])
}

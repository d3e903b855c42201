import {
  EvalFlags,
  type HostRefId,
  type JSContextPointer,
  type JSContextPointerPointer,
  type JSRuntimePointer,
  type JSValueConstPointer,
  type JSValueConstPointerPointer,
  type JSValuePointer,
  type QuickJSEmscriptenModule,
} from '@jitl/quickjs-ffi-types'
import type { QuickJSFFI } from '@jitl/quickjs-wasmfile-release-sync/ffi'
import { REJECTIONS_MAX } from '../limits.ts'
import { addTracker, setTracker, TrackerMisfit } from './rejection-tracker.ts'

/** A value inside the sandbox, owned by whoever holds it until it is freed or the memory restored. */
export type Value = JSValuePointer
/** What an operation inside the sandbox came to. */
export type Outcome = { ok: true; value: Value } | { ok: false; thrown: Value }
export type PromiseOutcome = { state: 'pending' } | ({ state: 'settled' } & Outcome)

/** Reads the arguments of a call from inside; text ends at a NUL. */
interface Arguments {
  text(index: number): string
  number(index: number): number
}
export type HostFunction = (args: Arguments) => number | string | undefined

/** Addresses that are the same in every memory made from one image. */
export interface Addresses {
  runtime: JSRuntimePointer
  context: JSContextPointer
  /** Room for the arguments of a call, and for what a function answers beside its result. */
  scratch: number
  /** Room for a promise that is told of while a call is under way. */
  rejected: number
}

/** An instance of QuickJS's WebAssembly, by the library's two ways to reach it and by the bare one. */
export interface Instance {
  module: QuickJSEmscriptenModule
  ffi: QuickJSFFI
  exports: WebAssembly.Exports
}

const ARGUMENTS_MAX = 4
const POINTER_BYTES = 4
const VALUE_BYTES = 8
const JOBS_AT_ONCE = 256
// The library numbers promise states in this order.
const PENDING = 0
const FULFILLED = 1

/** Thrown when text does not fit the sandbox; the memory is whole. */
export class SandboxFull extends Error {
  override readonly name = 'SandboxFull'
}

/**
 * One QuickJS runtime with one context, by the library's own low-level bindings: its comfortable
 * classes keep addresses in places that do not survive putting a memory image back.
 */
export class Quickjs {
  readonly #module: QuickJSEmscriptenModule
  readonly #ffi: QuickJSFFI
  readonly #at: Addresses
  readonly #functions: HostFunction[]
  readonly #undefined: JSValueConstPointer
  /** Promises that were rejected and have no handler, by their own addresses; held, or others would come to lie there. */
  readonly #rejected = new Map<bigint, Value>()
  /** Asked every few thousand steps of a script: is it to stop? */
  shouldStop: () => boolean = () => false

  constructor({ module, ffi, exports }: Instance, functions: HostFunction[], at?: Addresses) {
    this.#module = module
    this.#ffi = ffi
    this.#functions = functions
    module.callbacks = {
      callFunction: (_async, _context, _self, argc, argv, id) => this.#callHost(argc, argv, id),
      shouldInterrupt: () => (this.shouldStop() ? 1 : 0),
      freeHostRef: () => undefined,
      loadModuleSource: () => ffi.QTS_GetNull() as never,
      normalizeModule: () => ffi.QTS_GetNull() as never,
    }
    this.#undefined = ffi.QTS_GetUndefined()
    const tracker = addTracker(exports, (promise, isHandled) => this.#track(promise, isHandled))
    this.#at = at ?? this.#create(tracker)
  }

  get addresses(): Addresses {
    return this.#at
  }

  #create(tracker: number): Addresses {
    const runtime = this.#ffi.QTS_NewRuntime()
    setTracker(this.#module.HEAPU8.buffer as ArrayBuffer, runtime, tracker, () =>
      this.#ffi.QTS_RuntimeEnableInterruptHandler(runtime),
    )
    const context = this.#ffi.QTS_NewContext(runtime, 0 as never)
    const scratch = this.#module._malloc(POINTER_BYTES * ARGUMENTS_MAX)
    return { runtime, context, scratch, rejected: this.#module._malloc(VALUE_BYTES) }
  }

  setStackLimit(bytes: number): void {
    this.#ffi.QTS_RuntimeSetMaxStackSize(this.#at.runtime, bytes)
  }

  evaluate(code: string, file: string): Outcome {
    const bytes = this.#module.lengthBytesUTF8(code)
    const text = this.#text(code, bytes)
    const value = this.#ffi.QTS_Eval(
      this.#at.context,
      text as never,
      bytes,
      file,
      0 as never,
      EvalFlags.JS_EVAL_FLAG_BACKTRACE_BARRIER as never,
    )
    this.#module._free(text)
    return this.#resolve(value)
  }

  call(callee: Value, args: Value[] = []): Outcome {
    const words = new Uint32Array(this.#module.HEAPU8.buffer, this.#at.scratch, ARGUMENTS_MAX)
    for (const [index, arg] of args.entries()) words[index] = arg
    const argv = this.#at.scratch as JSValueConstPointerPointer
    return this.#resolve(
      this.#ffi.QTS_Call(this.#at.context, callee, this.#undefined, args.length, argv),
    )
  }

  /** Runs what waits, until nothing does or `isOver` says so. */
  runJobs(isOver: () => boolean): void {
    do {
      const out = this.#at.scratch as JSContextPointerPointer
      this.#freeLoose(this.#ffi.QTS_ExecutePendingJob(this.#at.runtime, JOBS_AT_ONCE, out))
    } while (!isOver() && this.#ffi.QTS_IsJobPending(this.#at.runtime) === 1)
  }

  promiseOutcome(promise: Value): PromiseOutcome {
    const state: number = this.#ffi.QTS_PromiseState(this.#at.context, promise)
    if (state === PENDING) return { state: 'pending' }
    const value = this.#ffi.QTS_PromiseResult(this.#at.context, promise)
    return state === FULFILLED
      ? { state: 'settled', ok: true, value }
      : { state: 'settled', ok: false, thrown: value }
  }

  /** What promises were rejected with that nothing handles, in the order in which that happened. */
  unhandled(except: Value): Value[] {
    const own = new BigUint64Array(this.#module.HEAPU8.buffer, except, 1)[0]
    return [...this.#rejected]
      .filter(([promise]) => promise !== own)
      .map(([, promise]) => this.#ffi.QTS_PromiseResult(this.#at.context, promise))
  }

  /** For a memory that is put back: nothing of it is held any more. */
  forget(): void {
    this.#rejected.clear()
  }

  /** Another build of QuickJS than the one known here must not go unnoticed. */
  assertTracks(): void {
    this.evaluate('Promise.reject()', 'sandbox')
    if (this.#rejected.size !== 1) throw new TrackerMisfit('QuickJS tells of no rejections.')
    this.forget()
  }

  /** Called from inside QuickJS, also while memory is short: what does not fit is not told. */
  #track(promise: bigint, isHandled: boolean): void {
    const key = BigInt.asUintN(64, promise)
    if (isHandled) {
      const held = this.#rejected.get(key)
      this.#rejected.delete(key)
      if (held !== undefined) this.free(held)
    } else if (this.#rejected.size < REJECTIONS_MAX) {
      const { rejected, context } = this.#at
      new BigUint64Array(this.#module.HEAPU8.buffer, rejected, 1)[0] = key
      const held = this.#ffi.QTS_DupValuePointer(context, rejected as JSValueConstPointer)
      if ((held as number) !== 0) this.#rejected.set(key, held)
    }
  }

  newNumber(value: number): Value {
    return this.#ffi.QTS_NewFloat64(this.#at.context, value)
  }

  newString(value: string): Value {
    const text = this.#text(value, this.#module.lengthBytesUTF8(value))
    const string = this.#ffi.QTS_NewString(this.#at.context, text as never)
    this.#module._free(text)
    const outcome = this.#resolve(string)
    if (!outcome.ok) throw new SandboxFull('The sandbox has no memory left for a text.')
    return outcome.value
  }

  newFunction(name: string, index: number): Value {
    // Host references start at 1: the library takes 0 for none.
    return this.#ffi.QTS_NewFunction(this.#at.context, name, 0, false, (index + 1) as HostRefId)
  }

  newObject(properties: Record<string, Value>): Value {
    const object = this.#ffi.QTS_NewObject(this.#at.context)
    for (const [name, value] of Object.entries(properties)) {
      this.#ffi.QTS_SetProp(this.#at.context, object, this.newString(name), value)
    }
    return object
  }

  getProperty(object: Value, name: string): Value {
    const key = this.newString(name)
    const value = this.#ffi.QTS_GetProp(this.#at.context, object, key)
    this.free(key)
    return value
  }

  toText(value: JSValuePointer | JSValueConstPointer): string {
    const text = this.#ffi.QTS_GetString(this.#at.context, value)
    if ((text as number) === 0) throw new SandboxFull('The sandbox has no memory left for a text.')
    const copy = this.#module.UTF8ToString(text as never)
    this.#ffi.QTS_FreeCString(this.#at.context, text)
    return copy
  }

  typeOf(value: Value): string {
    const text = this.#ffi.QTS_Typeof(this.#at.context, value)
    const name = this.#module.UTF8ToString(text as never)
    this.#module._free(text)
    return name
  }

  free(value: Value): void {
    this.#ffi.QTS_FreeValuePointer(this.#at.context, value)
  }

  #freeLoose(value: Value): void {
    this.#ffi.QTS_FreeValuePointerRuntime(this.#at.runtime, value)
  }

  #resolve(value: Value): Outcome {
    if ((value as number) === 0)
      throw new SandboxFull('The sandbox has no memory left for a value.')
    const thrown = this.#ffi.QTS_ResolveException(this.#at.context, value)
    if ((thrown as number) === 0) return { ok: true, value }
    this.free(value)
    return { ok: false, thrown }
  }

  #text(text: string, bytes: number): number {
    const address = this.#module._malloc(bytes + 1)
    if (address === 0) throw new SandboxFull('The sandbox has no memory left for a text.')
    this.#module.stringToUTF8(text, address as never, bytes + 1)
    return address
  }

  #callHost(argc: number, argv: JSValueConstPointer, id: number): Value {
    const at = (index: number): JSValueConstPointer => {
      if (index >= argc) return this.#undefined
      return this.#ffi.QTS_ArgvGetJSValueConstPointer(argv, index)
    }
    const answer = this.#functions[id - 1]?.({
      text: (index) => this.toText(at(index)),
      number: (index) => this.#ffi.QTS_GetFloat64(this.#at.context, at(index)),
    })
    if (answer === undefined) return 0 as Value
    return typeof answer === 'number' ? this.newNumber(answer) : this.newString(answer)
  }
}

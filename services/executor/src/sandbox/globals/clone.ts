import type { Kernel } from './kernel.ts'

/** `structuredClone`. */
export function installClone(kernel: Kernel): void {
  const BOXES = [globalThis.Boolean, globalThis.Number, globalThis.String, globalThis.BigInt]

  const refuse = (what: string): never => {
    throw new DOMException(`${what} cannot be cloned.`, 'DataCloneError')
  }

  const cloneView = (view: ArrayBufferView, copies: Map<object, unknown>): ArrayBufferView => {
    const View = view.constructor as new (
      buffer: ArrayBufferLike,
      offset: number,
      length: number,
    ) => ArrayBufferView
    const length = view instanceof DataView ? view.byteLength : Reflect.get(view, 'length')
    return new View(copy(view.buffer, copies) as ArrayBuffer, view.byteOffset, length)
  }

  const cloneError = (error: Error): Error => {
    const NAMES = [
      'EvalError',
      'RangeError',
      'ReferenceError',
      'SyntaxError',
      'TypeError',
      'URIError',
    ]
    const name = NAMES.includes(error.name) ? error.name : 'Error'
    const Constructor = Reflect.get(globalThis, name) as ErrorConstructor
    const clone = new Constructor(error.message)
    Object.defineProperty(clone, 'stack', {
      value: error.stack,
      configurable: true,
      writable: true,
    })
    return clone
  }

  /** Values that are copied whole; everything else is filled after it was made, for it may hold itself. */
  const shallow = (value: object, copies: Map<object, unknown>): object | undefined => {
    if (value instanceof Date) return new Date(value.getTime())
    if (value instanceof RegExp) return new RegExp(value.source, value.flags)
    if (value instanceof ArrayBuffer) return value.slice(0)
    if (ArrayBuffer.isView(value)) return cloneView(value, copies)
    if (value instanceof Error) return cloneError(value)
    for (const Box of BOXES) if (value instanceof Box) return Object(value.valueOf())
    return undefined
  }

  const copy = (value: unknown, copies: Map<object, unknown>): unknown => {
    if (typeof value === 'function') return refuse('A function')
    if (typeof value === 'symbol') return refuse('A symbol')
    if (typeof value !== 'object' || value === null) return value
    if (copies.has(value)) return copies.get(value)
    if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) {
      return refuse('This object')
    }
    const whole = shallow(value, copies)
    if (whole !== undefined) {
      copies.set(value, whole)
      return whole
    }
    if (value instanceof Map) {
      const clone = new Map()
      copies.set(value, clone)
      for (const [key, item] of [...value]) clone.set(copy(key, copies), copy(item, copies))
      return clone
    }
    if (value instanceof Set) {
      const clone = new Set()
      copies.set(value, clone)
      for (const item of [...value]) clone.add(copy(item, copies))
      return clone
    }
    const clone: object = Array.isArray(value) ? new Array(value.length) : {}
    copies.set(value, clone)
    for (const key of Object.keys(value)) {
      Object.defineProperty(clone, key, {
        value: copy(Reflect.get(value, key), copies),
        writable: true,
        enumerable: true,
        configurable: true,
      })
    }
    return clone
  }

  kernel.define('structuredClone', (value: unknown) => copy(value, new Map()))
}

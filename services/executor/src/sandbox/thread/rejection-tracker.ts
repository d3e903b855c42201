/**
 * QuickJS can tell of a promise that is rejected without a handler, and of a handler that comes later,
 * but its build has no binding for it. The build is of one pinned version, so the binding is made
 * here: the table of functions is exported as well, a function is put into it, and its place in the
 * table goes into the field of QuickJS's runtime that is for it.
 */
export type RejectionTracker = (promise: bigint, isHandled: boolean) => void

const TABLE = 'functions'
/** A table's kind, and the index of the only one. */
const TABLE_EXPORT = [TABLE.length, ...Buffer.from(TABLE), 1, 0]
const HEADER_BYTES = 8
const EXPORT_SECTION = 7

/** A module that answers its import as its export, which gives a function of ours the type that QuickJS calls. */
const TYPED = new WebAssembly.Module(
  Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    // (context: i32, promise: i64, reason: i64, isHandled: i32, opaque: i32) => nothing
    ...[0x01, 0x09, 0x01, 0x60, 0x05, 0x7f, 0x7e, 0x7e, 0x7f, 0x7f, 0x00],
    ...[0x02, 0x07, 0x01, 0x01, 0x6f, 0x01, 0x66, 0x00, 0x00],
    ...[0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00],
  ]),
)

/** The interrupt handler's field is followed by its argument's, and that by the tracker's. */
const TRACKER_WORD = 2
const RUNTIME_WORDS = 128

/** The same WebAssembly, with its table of functions among its exports. */
export function exportTable(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  let at = HEADER_BYTES
  while (at < wasm.length) {
    const size = readNumber(wasm, at + 1)
    const end = size.next + size.value
    if (wasm[at] === EXPORT_SECTION) {
      const count = readNumber(wasm, size.next)
      const head = [...writeNumber(count.value + 1), ...TABLE_EXPORT]
      const body = Buffer.concat([Uint8Array.from(head), wasm.subarray(count.next, end)])
      const section = Uint8Array.from([EXPORT_SECTION, ...writeNumber(body.length)])
      return Buffer.concat([wasm.subarray(0, at), section, body, wasm.subarray(end)])
    }
    at = end
  }
  throw new TrackerMisfit('exports')
}

/** Where QuickJS finds the tracker: in every instance the same place. */
export function addTracker(exports: WebAssembly.Exports, tracker: RejectionTracker): number {
  const table = exports[TABLE]
  if (!(table instanceof WebAssembly.Table)) throw new TrackerMisfit('table')
  const f = (_context: number, promise: bigint, _reason: bigint, isHandled: number) =>
    tracker(promise, isHandled !== 0)
  const place = table.grow(1)
  table.set(place, new WebAssembly.Instance(TYPED, { o: { f } }).exports.f)
  return place
}

/** `enableInterrupts` sets the one field that the library has a binding for. */
export function setTracker(
  memory: ArrayBuffer,
  runtime: number,
  place: number,
  enableInterrupts: () => void,
): void {
  const words = new Uint32Array(memory, runtime, RUNTIME_WORDS)
  const before = words.slice()
  enableInterrupts()
  const at = words.findIndex((word, index) => word !== before[index]) + TRACKER_WORD
  if (at < TRACKER_WORD || words[at] !== 0) throw new TrackerMisfit('runtime')
  words[at] = place
}

/** The build is another than the one this was written for. */
export class TrackerMisfit extends Error {
  override readonly name = 'TrackerMisfit'
}

function readNumber(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0
  for (let index = at, shift = 0; ; index += 1, shift += 7) {
    const byte = bytes[index] ?? 0
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return { value, next: index + 1 }
  }
}

function writeNumber(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...writeNumber(value >>> 7)]
}

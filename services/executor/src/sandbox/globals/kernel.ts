/**
 * The functions in this folder are compiled inside the sandbox from their own source text. They may
 * use their parameter, what the language has, and nothing else: no imports, no names of this module.
 * Whatever a script does to the built-in objects, it does to itself alone; what crosses to the host
 * is text and numbers, and the host checks it.
 */
export interface Kernel {
  readonly host: HostFunctions
  /** Taken before any script could replace them. */
  readonly apply: typeof Reflect.apply
  readonly stringify: typeof JSON.stringify
  readonly parse: typeof JSON.parse
  readonly entries: Entries
  /** Told the seed when a run begins. */
  readonly seeded: ((seed: string) => void)[]
  define(name: string, value: unknown): void
  /** A value as the console shows it. */
  inspect(value: unknown): string
  /** What belongs to an error besides its message; begins with a space, or is empty. */
  explain(error: Error): string
  /** A value as it leaves the sandbox: JSON text, or nothing for what JSON leaves out. */
  encode(value: unknown, isToBeSent?: boolean): string | undefined
  /** The path behind a node of the `tools` proxy. */
  toolPath(value: object): string | undefined
  random(): number
}

/** What the thread answers a script's globals. */
export interface HostFunctions {
  /** The call's index, or why it cannot be made. */
  call(path: string, args: string): number | string
  log(level: string, text: string): void
  /** Why this cannot be emitted, or nothing. */
  emit(json: string): string | undefined
  /** When the timer will be due, or -1 when there are too many. */
  arm(id: number, delayMs: number, isRepeated: number): number
  disarm(id: number): void
  /** A URL operation with JSON texts for its operands and its outcome; `null` is no URL. */
  url(operation: string, operands: string): string
}

/** What the thread calls inside the sandbox. */
export interface Entries {
  begin(seed: string): void
  settle(index: number, throws: number, json: string): void
  fire(id: number): void
  /** A script's result as JSON text; nothing for `undefined`. */
  encode(value: unknown): string | undefined
  /** What was thrown, as JSON text of `{name, message, stack}`. */
  describe(thrown: unknown): string
}

/** Names of `HostFunctions`, in the order in which the thread numbers them. */
export const HOST_FUNCTIONS = ['call', 'log', 'emit', 'arm', 'disarm', 'url'] as const
export const ENTRIES = ['begin', 'settle', 'fire', 'encode', 'describe'] as const

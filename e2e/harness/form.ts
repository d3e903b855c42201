import type { ServerProcess } from './server-process.ts'

export type FormName = 'local' | 'cluster'
export type Signal = 'SIGTERM' | 'SIGKILL'

export interface Reply {
  status: number
  headers: Headers
  text: string
  /** The parsed text; the text itself where it is not JSON. */
  body: unknown
}

export interface Ask {
  /** Whose key is shown: the owner's when nothing is said, nobody's when null. */
  token?: string | null
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Something that happens to a form, from which it recovers by itself or is started again. */
export interface Disaster {
  name: string
  /** Takes long, so it strikes less often. */
  isSlow: boolean
  /** Nothing that was sent is cut off: no script is told that an outcome is unknown. */
  isGentle?: boolean
}

/** One wiring of the product, running: what every journey is told about. */
export interface Form {
  readonly name: FormName
  readonly origin: string
  /** Every instance of its gateway; `origin` is the first. */
  readonly doors: readonly string[]
  readonly ownerToken: string
  readonly agentToken: string
  /** What holds runs: the one process of the local form, the executors of the cluster. */
  readonly workers: readonly ServerProcess[]
  /** Every process of ours, behind the door and at it. */
  readonly processes: readonly ServerProcess[]
  /** One request to its HTTP API. Throws only when nobody answers. */
  api(method: string, path: string, body?: unknown, ask?: Ask): Promise<Reply>
  /** The command line, told of this instance as its users would tell it. */
  command(...words: string[]): Promise<CommandOutput>
  /** Lets one of its disasters happen; resolves when everything that fell is up again. */
  strike(disaster: string): Promise<void>
  /** Ends every process, and starts it again on the data it left. */
  restart(signal: Signal): Promise<void>
  /** Everything it wrote to its logs. */
  log(): string
  /** Everything it keeps: files, or dumps of its databases. */
  readKept(): Promise<Buffer>
  close(): Promise<void>
}

export interface CommandOutput {
  exitCode: number
  out: string
  err: string
}

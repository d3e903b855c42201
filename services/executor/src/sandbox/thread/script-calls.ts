import { ARGUMENT_BYTES_MAX, PATH_LENGTH_MAX, PENDING_ARGUMENT_BYTES_MAX } from '../limits.ts'
import type { IssuedCall } from '../protocol.ts'
import { isTooDeep } from './nesting.ts'

/** The calls of one script: numbered as they are made, within their bounds. */
export class ScriptCalls {
  readonly #callsMax: number
  readonly #unsettled = new Map<number, number>()
  #issued = 0
  #pendingBytes = 0
  #fresh: IssuedCall[] = []

  constructor(callsMax: number) {
    this.#callsMax = callsMax
  }

  get issued(): number {
    return this.#issued
  }

  get unsettled(): number {
    return this.#unsettled.size
  }

  /** Its index, or why this call cannot be sent; `exhausted` when the script made too many. */
  issue(path: string, args: string, at: number): number | 'too_long' | 'too_deep' | 'exhausted' {
    const bytes = Buffer.byteLength(args)
    const isWellFormed = path !== '' && path.length <= PATH_LENGTH_MAX && args.startsWith('{')
    if (!isWellFormed || bytes > ARGUMENT_BYTES_MAX) return 'too_long'
    if (isTooDeep(args)) return 'too_deep'
    this.#pendingBytes += bytes
    const index = this.#issued
    if (index >= this.#callsMax || this.#pendingBytes > PENDING_ARGUMENT_BYTES_MAX) {
      return 'exhausted'
    }
    this.#issued += 1
    this.#unsettled.set(index, bytes)
    this.#fresh.push({ index, path, args, at })
    return index
  }

  /** False when no such call waits for its answer. */
  settle(index: number): boolean {
    const bytes = this.#unsettled.get(index)
    if (bytes === undefined) return false
    this.#unsettled.delete(index)
    this.#pendingBytes -= bytes
    return true
  }

  take(): IssuedCall[] {
    const taken = this.#fresh
    this.#fresh = []
    return taken
  }
}

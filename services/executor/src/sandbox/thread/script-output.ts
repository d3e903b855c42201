import type { LogLine } from '../host.ts'
import { LOG_BYTES_MAX, LOG_LINES_MAX } from '../limits.ts'

/** Counted for each value besides its text, so that a flood of small ones has its end too. */
const EMITTED_OVERHEAD_BYTES = 64

/** What a script says besides its result, within its bounds. */
export class ScriptOutput {
  readonly #bytesMax: number
  #bytes = 0
  #logBytes = 0
  #logLines = 0
  #logs: LogLine[] = []
  #emitted: string[] = []

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** A console that is full says so once; its script goes on. */
  log(level: string, text: string, at: number): void {
    if (this.#logLines > LOG_LINES_MAX) return
    this.#logLines += 1
    this.#logBytes += text.length
    const isFull = this.#logLines > LOG_LINES_MAX || this.#logBytes > LOG_BYTES_MAX
    if (isFull) this.#logLines = LOG_LINES_MAX + 1
    const shown = isFull ? 'The console is full; what follows is not kept.' : text
    this.#logs.push({ level: toLevel(level), text: shown, at })
  }

  /** False when that was too much. */
  emit(json: string): boolean {
    const fits = this.count(json, EMITTED_OVERHEAD_BYTES)
    if (fits) this.#emitted.push(json)
    return fits
  }

  count(json: string, overheadBytes = 0): boolean {
    this.#bytes += Buffer.byteLength(json) + overheadBytes
    return this.#bytes <= this.#bytesMax
  }

  take(): { logs: LogLine[]; emitted: string[] } {
    const taken = { logs: this.#logs, emitted: this.#emitted }
    this.#logs = []
    this.#emitted = []
    return taken
  }
}

function toLevel(level: string): LogLine['level'] {
  return level === 'debug' || level === 'warn' || level === 'error' ? level : 'info'
}

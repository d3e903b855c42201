import { randomUUID } from 'node:crypto'
import type { Msg } from '@nats-io/transport-node'
import type { Frame } from './frame.ts'
import { findFrame, toFrameHeaders } from './headers.ts'
import type { Line, Listening } from './line.ts'
import { Assembly, type AssemblyBudget, sendWindow } from './transfer.ts'

const EMPTY = new Uint8Array()

/** Long bodies on the answering side. Whoever receives asks for each window, so nothing piles up. */
export class Streams {
  readonly #line: Line
  readonly #budget: AssemblyBudget
  readonly #prefix: string
  readonly #open = new Map<string, (frame: Frame, data: Uint8Array) => void>()
  readonly #subscription: Listening

  constructor(line: Line, budget: AssemblyBudget, prefix: string) {
    this.#line = line
    this.#budget = budget
    this.#prefix = prefix
    this.#subscription = line.subscribe(`${prefix}*`, (message) => this.#receive(message))
  }

  /** Fetches a request's body from the process that asked. */
  async pull(request: { inbox: string; bytes: number; signal: AbortSignal }): Promise<Uint8Array> {
    const { inbox, bytes, signal } = request
    this.#budget.reserve(bytes)
    const stream = this.#name()
    try {
      return await this.#listen(stream, signal, (done) => {
        const assembly = new Assembly(bytes, (offset) =>
          this.#line.send({
            subject: inbox,
            data: EMPTY,
            headers: toFrameHeaders({ kind: 'pull', count: offset }),
            reply: stream,
          }),
        )
        return (frame, data) => {
          if (frame.kind === 'chunk' && assembly.accept(frame.count, data)) done(assembly.bytes())
        }
      })
    } finally {
      this.#budget.release(bytes)
    }
  }

  /** Offers an answer's body, and resolves when its last window was asked for and sent. */
  async push(answer: { inbox: string; body: Uint8Array; signal: AbortSignal }): Promise<void> {
    const { inbox, body, signal } = answer
    const stream = this.#name()
    await this.#listen<void>(stream, signal, (done) => {
      const headers = toFrameHeaders({ kind: 'body', count: body.length })
      this.#line.send({ subject: inbox, data: EMPTY, headers, reply: stream })
      return (frame) => {
        if (frame.kind === 'pull' && sendWindow(this.#line, inbox, body, frame.count)) done()
      }
    })
  }

  get isRefused(): boolean {
    return this.#subscription.isRefused
  }

  stop(): void {
    this.#subscription.stop()
  }

  /** Only the other side of one request ever learns this name. */
  #name(): string {
    return `${this.#prefix}${randomUUID()}`
  }

  async #listen<T>(
    stream: string,
    signal: AbortSignal,
    start: (done: (result: T) => void) => (frame: Frame, data: Uint8Array) => void,
  ): Promise<T> {
    let onAbort = () => {}
    try {
      return await new Promise<T>((resolve, reject) => {
        onAbort = () => reject(signal.reason)
        signal.addEventListener('abort', onAbort, { once: true })
        if (signal.aborted) onAbort()
        else this.#open.set(stream, start(resolve))
      })
    } finally {
      signal.removeEventListener('abort', onAbort)
      this.#open.delete(stream)
    }
  }

  #receive(message: Msg): void {
    const frame = findFrame(message.headers)
    if (frame !== null) this.#open.get(message.subject)?.(frame, message.data)
  }
}

import { PAYLOAD_BYTES_MAX } from '@executor/contracts'
import type { Answer } from '../envelope.ts'
import { busFailure } from '../failures.ts'
import { Pending } from '../pending.ts'
import type { Outgoing } from '../transport.ts'
import { Assembly, type AssemblyBudget, toText } from './transfer.ts'

/** A request without an answer yet, and what is known of whoever works on it. */
export class WaitingRequest {
  readonly outgoing: Outgoing
  readonly inbox: string
  readonly body: Uint8Array
  readonly deadline: number
  readonly pending: Pending<Answer>
  sentAtMs = 0
  probedAtMs: number | undefined = undefined
  probesMissed = 0
  /** Where the instance that works on it says that it is there, once it answered a probe. */
  presence: string | undefined = undefined
  /** Since when an instance is gone that may have had it. */
  suspectSinceMs: number | undefined = undefined
  /** It was under way when the connection broke. */
  isInDoubt = false
  readonly #budget: AssemblyBudget
  #assembly: Assembly | undefined = undefined
  #assemblyBytes = 0

  constructor(
    outgoing: Outgoing,
    { inbox, budget, onGiveUp }: { inbox: string; budget: AssemblyBudget; onGiveUp: () => void },
  ) {
    this.outgoing = outgoing
    this.inbox = inbox
    this.body = toBytes(outgoing)
    this.deadline = Date.now() + outgoing.timeoutMs
    this.pending = new Pending<Answer>({
      subject: outgoing.method.subject,
      timeoutMs: outgoing.timeoutMs,
      signal: outgoing.signal,
      onGiveUp,
    })
    this.#budget = budget
  }

  get isAssembling(): boolean {
    return this.#assembly !== undefined
  }

  /** It is sent, for the first time or again: nobody is known to work on it. */
  start(): void {
    this.sentAtMs = performance.now()
    this.probedAtMs = undefined
    this.probesMissed = 0
    this.presence = undefined
    this.suspectSinceMs = undefined
    this.isInDoubt = false
    this.dropAssembly()
  }

  /** A long answer is on its way; `pull` asks for what follows a byte of it. */
  assemble(bytes: number, pull: (offset: number) => void): void {
    if (bytes > PAYLOAD_BYTES_MAX) {
      throw busFailure.replyTooLarge(this.outgoing.method.subject, PAYLOAD_BYTES_MAX)
    }
    this.dropAssembly()
    this.#budget.reserve(bytes)
    this.#assemblyBytes = bytes
    this.#assembly = new Assembly(bytes, pull)
  }

  /** Takes a chunk of a long answer; the whole of it once that was the last, and else null. */
  acceptChunk(offset: number, data: Uint8Array): Uint8Array | null {
    return this.#assembly?.accept(offset, data) === true ? this.#assembly.bytes() : null
  }

  dropAssembly(): void {
    this.#budget.release(this.#assemblyBytes)
    this.#assemblyBytes = 0
    this.#assembly = undefined
  }

  toAnswer(data: Uint8Array): Answer {
    return { body: this.outgoing.method.encoded === 'bytes' ? data : toText(data) }
  }
}

/** What travels: the text, and after it the bytes beside it. */
function toBytes({ body, attachment }: Outgoing): Uint8Array {
  const text = Buffer.from(body)
  return attachment === undefined ? text : Buffer.concat([text, attachment])
}

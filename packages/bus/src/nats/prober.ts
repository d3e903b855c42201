import { busFailure } from '../failures.ts'
import type { Instances } from './instances.ts'
import type { Line } from './line.ts'
import type { Subjects } from './subjects.ts'
import type { WaitingRequest } from './waiting-request.ts'

const EMPTY = new Uint8Array()
/** Probes without an answer after which its server counts as dead. */
const PROBES_MISSED_MAX = 3
/** Looks at who is waiting, for each interval between two probes of a request. */
const LOOKS_PER_PROBE = 3

interface ProberOptions {
  instances: Instances
  /** What waits, by its inbox. */
  waiting: ReadonlyMap<string, WaitingRequest>
  probeIntervalMs: number
  resend(request: WaitingRequest): void
  fail(request: WaitingRequest, error: unknown): void
}

/**
 * Finds out what became of requests whose server, or whose connection, may be gone: what may be sent
 * again is, and of the rest whoever waits is told.
 */
export class Prober {
  readonly #line: Line
  readonly #subjects: Subjects
  readonly #options: ProberOptions
  readonly #timer: NodeJS.Timeout
  readonly #lookIntervalMs: number

  constructor(line: Line, subjects: Subjects, options: ProberOptions) {
    this.#line = line
    this.#subjects = subjects
    this.#options = options
    this.#lookIntervalMs = options.probeIntervalMs / LOOKS_PER_PROBE
    this.#timer = setInterval(() => this.#lookAtAll(), this.#lookIntervalMs)
    this.#timer.unref()
    line.watch({ down: () => this.#doubt(), up: () => this.#recover() })
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** What it was working on is lost; of what may be its own or another's, the others are asked. */
  loseInstance(service: string, presence: string): void {
    for (const request of this.#options.waiting.values()) {
      if (request.outgoing.method.service !== service) continue
      if (request.presence === presence) this.#giveUpOnServer(request)
      else if (request.presence === undefined) {
        request.suspectSinceMs ??= performance.now()
        this.#probe(request)
      }
    }
  }

  #lookAtAll(): void {
    if (!this.#line.isUp) return
    const nowMs = performance.now()
    const services = new Set<string>()
    for (const request of this.#options.waiting.values()) {
      // Most are answered before, and where nobody serves NATS says so before.
      if (nowMs - request.sentAtMs < this.#lookIntervalMs / 4) continue
      services.add(request.outgoing.method.service)
      this.#look(request, nowMs)
    }
    this.#options.instances.ask(services)
  }

  #look(request: WaitingRequest, nowMs: number): void {
    const { probedAtMs, probesMissed, suspectSinceMs } = request
    const { probeIntervalMs } = this.#options
    const isLost = suspectSinceMs !== undefined && nowMs - suspectSinceMs >= probeIntervalMs
    const isDue = probedAtMs === undefined || nowMs - probedAtMs >= probeIntervalMs
    if (isLost || (isDue && probesMissed >= PROBES_MISSED_MAX)) this.#giveUpOnServer(request)
    else if (isDue) this.#probe(request)
  }

  #probe(request: WaitingRequest): void {
    request.probedAtMs = performance.now()
    request.probesMissed += 1
    const subject = this.#subjects.probe(request.outgoing.method.service)
    try {
      this.#line.send({ subject, data: EMPTY, reply: request.inbox })
    } catch (error) {
      this.#options.fail(request, error)
    }
  }

  #giveUpOnServer(request: WaitingRequest): void {
    const { idempotent, subject } = request.outgoing.method
    if (idempotent === true) this.#options.resend(request)
    else this.#options.fail(request, busFailure.connectionLost(subject))
  }

  #doubt(): void {
    for (const request of this.#options.waiting.values()) request.isInDoubt = true
  }

  #recover(): void {
    for (const request of this.#options.waiting.values()) {
      if (!request.isInDoubt) continue
      request.isInDoubt = false
      request.probesMissed = 0
      if (request.outgoing.method.idempotent === true) this.#options.resend(request)
      else this.#probe(request)
    }
  }
}

import { busFailure } from '../failures.ts'
import { DEDUPLICATION_WINDOW_MS, JOBS_WAITING_MAX } from '../limits.ts'
import type { Carrier } from '../telemetry.ts'
import type { Worker } from '../transport.ts'

interface Job {
  body: string
  carrier: Carrier | undefined
  attempts: number
  isDone: boolean
}

interface Crew {
  worker: Worker
  controller: AbortController
  running: Set<Promise<void>>
}

/** A work queue that lives as long as the process; its owner finds lost work in its own rows. */
export class MemoryQueue {
  readonly #subject: string
  readonly #ackWaitMs: number
  #waiting: Job[] = []
  #crews: Crew[] = []
  readonly #seenUntil = new Map<string, number>()
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor({ subject, ackWaitMs }: { subject: string; ackWaitMs: number }) {
    this.#subject = subject
    this.#ackWaitMs = ackWaitMs
  }

  add(job: { id: string; body: string; carrier: Carrier | undefined }): void {
    if (this.#isSeen(job.id)) return
    if (this.#waiting.length >= JOBS_WAITING_MAX) throw busFailure.queueFull(this.#subject)
    this.#seenUntil.set(job.id, Date.now() + DEDUPLICATION_WINDOW_MS)
    this.#waiting.push({ body: job.body, carrier: job.carrier, attempts: 0, isDone: false })
    queueMicrotask(() => this.#dispatch())
  }

  /** Returns what stops the worker: it takes no more, and what it has is waited for. */
  join(worker: Worker): () => Promise<void> {
    const crew: Crew = { worker, controller: new AbortController(), running: new Set() }
    this.#crews.push(crew)
    queueMicrotask(() => this.#dispatch())
    return async () => {
      this.#crews = this.#crews.filter((other) => other !== crew)
      crew.controller.abort()
      await Promise.all(crew.running)
    }
  }

  close(): void {
    this.#waiting = []
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const crew = this.#crews.find(({ worker, running }) => running.size < worker.concurrency)
      if (crew === undefined) return
      const job = this.#waiting.shift()
      if (job === undefined || job.isDone) continue
      // Whoever just got a job goes to the end of the line.
      this.#crews = [...this.#crews.filter((other) => other !== crew), crew]
      this.#start(crew, job)
    }
  }

  #start(crew: Crew, job: Job): void {
    const running = this.#deliver(crew, job).finally(() => {
      crew.running.delete(running)
      this.#dispatch()
    })
    crew.running.add(running)
  }

  /** Ends when the handler does, or when it has been silent for so long that it counts as dead. */
  async #deliver(crew: Crew, job: Job): Promise<void> {
    job.attempts += 1
    let giveUp = () => {}
    const silence = new Promise<'silent'>((resolve) => {
      giveUp = () => resolve('silent')
    })
    const lapse = () => {
      this.#waiting.unshift(job)
      giveUp()
    }
    let lease = this.#after(this.#ackWaitMs, lapse)
    const outcome = crew.worker.run({
      body: job.body,
      carrier: job.carrier,
      attempt: job.attempts,
      signal: crew.controller.signal,
      heartbeat: () => {
        if (this.#cancel(lease)) lease = this.#after(this.#ackWaitMs, lapse)
      },
    })
    // A late worker that succeeds after all spares the next one the work.
    const settled = outcome.then((result) => {
      if (result.kind !== 'retry') job.isDone = true
      return result
    })
    const result = await Promise.race([settled, silence])
    if (result === 'silent') return
    this.#cancel(lease)
    if (result.kind === 'retry') this.#after(result.delayMs, () => this.#waiting.push(job))
  }

  #after(delayMs: number, task: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      task()
      this.#dispatch()
    }, delayMs)
    this.#timers.add(timer)
    return timer
  }

  #cancel(timer: NodeJS.Timeout): boolean {
    clearTimeout(timer)
    return this.#timers.delete(timer)
  }

  #isSeen(id: string): boolean {
    const nowMs = Date.now()
    // In order of insertion, and all of them last equally long: the first that is fresh ends it.
    for (const [known, untilMs] of this.#seenUntil) {
      if (untilMs > nowMs && this.#seenUntil.size <= JOBS_WAITING_MAX) break
      this.#seenUntil.delete(known)
    }
    return this.#seenUntil.has(id)
  }
}

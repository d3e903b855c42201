import { callDigest } from './digest.ts'
import {
  type CallAnswer,
  type LogLine,
  type SandboxCall,
  type SandboxFailure,
  type SandboxHost,
  type SandboxInput,
  type SandboxOutcome,
  type SandboxTrail,
  type SettledCall,
  Suspend,
} from './host.ts'
import { RETAINED_BYTES_MAX, type SandboxLimits } from './limits.ts'
import type { Delivery, IssuedCall, Turn, TurnEnd } from './protocol.ts'
import { limitFailure } from './thread/failures.ts'
import type { Thread } from './thread.ts'
import { WallClock } from './wall-clock.ts'

const TIMEOUT_MS_MAX = 2 ** 31 - 1

interface RunOptions {
  id: number
  input: SandboxInput
  host: SandboxHost
  limits: SandboxLimits
  now(): number
  onOver(run: Run): void
  /** It needs a thread of its own. */
  onYield(run: Run): void
}

/**
 * One run seen from outside: its calls, the order of their answers, its clock. The order is decided
 * here and nowhere else, so a run that loses its thread is started over with what it was answered
 * before, and no call is made twice.
 */
export class Run {
  readonly id: number
  readonly outcome: Promise<SandboxOutcome>
  thread: Thread | null = null
  isQuarantined = false
  restarts = 0
  readonly #options: RunOptions
  readonly #resolvers = Promise.withResolvers<SandboxOutcome>()
  readonly #aborter = new AbortController()
  readonly #recorded = new Map<number, SettledCall>()
  readonly #digests: string[] = []
  #settled: SettledCall[] | null
  #retainedBytes = 0
  #underWay = new Set<number>()
  #waiting: SandboxCall[] = []
  #trail: Pick<SandboxTrail, 'logs' | 'emitted'> = { logs: [], emitted: [] }
  /** Lines and values that a life before this one told already. */
  #told = { logs: 0, emitted: 0 }
  #clock: number
  #wall = new WallClock()
  #timer: NodeJS.Timeout | undefined
  #timerDue: number | null = null
  #isOver = false

  constructor(options: RunOptions) {
    const { input } = options
    const replay = input.replay ?? []
    this.#options = options
    this.id = options.id
    this.outcome = this.#resolvers.promise
    this.#settled = [...replay]
    for (const call of replay) this.#recorded.set(call.index, call)
    this.#clock = Math.max(input.startedAt, input.clock ?? 0, replay.at(-1)?.settledAt ?? 0)
  }

  get isOver(): boolean {
    return this.#isOver
  }

  get canRestart(): boolean {
    return this.#settled !== null
  }

  startOn(thread: Thread): void {
    const { code, seed, startedAt } = this.#options.input
    this.thread = thread
    thread.runs.set(this.id, this)
    this.#told = { logs: 0, emitted: 0 }
    const { id, limits } = { id: this.id, limits: this.#options.limits }
    const replay = (this.#settled ?? []).map(toDelivery)
    thread.post({
      type: 'start',
      run: id,
      code,
      seed,
      startedAt,
      limits,
      replay,
      clock: this.#clock,
    })
    this.#keepTime()
  }

  leaveThread(): void {
    this.thread?.runs.delete(this.id)
    this.thread = null
    this.#schedule(null)
    this.#keepTime()
  }

  take(turn: Turn): void {
    for (const call of turn.calls) this.#issue(call)
    for (const line of turn.logs) this.#tellLog(line)
    for (const json of turn.emitted) this.#tellEmitted(json)
    if (this.#isOver) return
    if (turn.end !== null) {
      this.#end(turn.end)
      return
    }
    this.#schedule(turn.timer)
    this.#keepTime()
  }

  fail(error: SandboxFailure): void {
    this.#finish({ status: 'error', error })
  }

  checkWall(nowMs: number): void {
    const { limits } = this.#options
    if (this.#wall.elapsedMs(nowMs) > limits.wallMs) this.fail(limitFailure('timeout', limits))
  }

  #end(end: TurnEnd): void {
    if (end.type === 'yielded') {
      this.#options.onYield(this)
      return
    }
    this.thread?.runs.delete(this.id)
    this.thread = null
    if (end.type === 'failed') this.fail(end.error)
    else {
      const result = end.result === undefined ? {} : { result: end.result }
      this.#finish({ status: 'completed', ...result })
    }
  }

  #issue(issued: IssuedCall): void {
    if (this.#isOver) return
    const digest = callDigest(issued.path, issued.args)
    const known = this.#digests[issued.index] ?? this.#recorded.get(issued.index)?.digest
    this.#digests[issued.index] = digest
    if (known === undefined) this.#admit({ ...issued, digest })
    else if (known !== digest) this.fail(this.#diverged(issued))
  }

  #admit(call: SandboxCall): void {
    if (this.#underWay.size < this.#options.limits.concurrentCallsMax) this.#send(call)
    else this.#waiting.push(call)
  }

  #send(call: SandboxCall): void {
    this.#underWay.add(call.index)
    this.#ask(call).then(
      (answer) => this.#settle(call, answer),
      (error) => this.#refuse(error),
    )
  }

  async #ask(call: SandboxCall): Promise<CallAnswer> {
    return this.#options.host.call(call, this.#aborter.signal)
  }

  #settle(call: SandboxCall, { json, throws }: CallAnswer): void {
    if (this.#isOver) return
    this.#clock = Math.max(this.#clock, this.#options.now())
    const { index, path, digest } = call
    const thrown = throws === true ? { throws } : {}
    const settled: SettledCall = { index, path, digest, settledAt: this.#clock, json, ...thrown }
    this.#retain(settled)
    this.#options.host.settled?.(settled)
    this.thread?.post({ type: 'deliver', run: this.id, answer: toDelivery(settled) })
    this.#underWay.delete(index)
    const next = this.#waiting.shift()
    if (next !== undefined) this.#send(next)
    this.#keepTime()
  }

  #retain(settled: SettledCall): void {
    this.#retainedBytes += settled.json.length
    if (this.#retainedBytes > RETAINED_BYTES_MAX) this.#settled = null
    this.#settled?.push(settled)
  }

  #refuse(error: unknown): void {
    if (this.#isOver) return
    if (error instanceof Suspend) {
      this.#finish({ status: 'suspended', wakeAt: this.#timerDue })
      return
    }
    this.#leave()
    this.#aborter.abort()
    this.#resolvers.reject(error)
    this.#options.onOver(this)
  }

  #tellLog(line: LogLine): void {
    this.#told.logs += 1
    if (this.#told.logs <= this.#trail.logs.length) return
    this.#trail.logs.push(line)
    this.#options.host.log?.(line, this.#told.logs - 1)
  }

  #tellEmitted(json: string): void {
    this.#told.emitted += 1
    if (this.#told.emitted <= this.#trail.emitted.length) return
    this.#trail.emitted.push(json)
    this.#options.host.emit?.(json, this.#told.emitted - 1)
  }

  /** The thread never fires a timer by itself: what comes first is decided where answers arrive. */
  #schedule(due: number | null): void {
    if (due === this.#timerDue) return
    clearTimeout(this.#timer)
    this.#timerDue = due
    if (due === null) return
    const waitMs = Math.min(Math.max(0, due - this.#options.now()), TIMEOUT_MS_MAX)
    this.#timer = setTimeout(() => this.#tick(due), waitMs)
  }

  #tick(due: number): void {
    this.#timerDue = null
    if (this.#options.now() < due) {
      this.#schedule(due)
      return
    }
    this.#clock = Math.max(this.#clock, due)
    this.thread?.post({ type: 'tick', run: this.id, at: due })
  }

  #keepTime(): void {
    const nowMs = performance.now()
    const isWorking = this.thread !== null && this.#underWay.size === 0
    if (isWorking && !this.#isOver) this.#wall.run(nowMs)
    else this.#wall.pause(nowMs)
  }

  #finish(
    end:
      | Pick<SandboxOutcome & { status: 'completed' }, 'status' | 'result'>
      | Pick<SandboxOutcome & { status: 'error' }, 'status' | 'error'>
      | Pick<SandboxOutcome & { status: 'suspended' }, 'status' | 'wakeAt'>,
  ): void {
    if (this.#isOver) return
    const unsettled = [...this.#underWay, ...this.#waiting.map((call) => call.index)]
    this.#leave()
    if (end.status === 'error') this.#aborter.abort()
    this.#resolvers.resolve({
      ...end,
      ...this.#trail,
      calls: this.#digests.length,
      unsettled,
      clock: this.#clock,
    })
    this.#options.onOver(this)
  }

  #leave(): void {
    this.#isOver = true
    this.thread?.drop(this.id)
    this.thread = null
    this.#settled = null
    this.#schedule(null)
    this.#keepTime()
  }

  #diverged(issued: IssuedCall): SandboxFailure {
    const before = this.#recorded.get(issued.index)
    const what =
      before !== undefined && before.path !== issued.path
        ? `tools.${issued.path} instead of tools.${before.path}`
        : `tools.${issued.path} with other arguments`
    return {
      kind: 'replay_diverged',
      message: `Replayed from its journal, the script made another call: step ${issued.index} is ${what}.`,
    }
  }
}

function toDelivery({ index, settledAt, json, throws }: SettledCall): Delivery {
  return { index, settledAt, json, ...(throws === true ? { throws } : {}) }
}

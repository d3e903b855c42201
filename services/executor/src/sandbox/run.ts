import { CallWindow } from './call-window.ts'
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

export interface RunOptions {
  id: number
  input: SandboxInput
  host: SandboxHost
  limits: SandboxLimits
  now(): number
  onOver(run: Run): void
  /** It holds its thread for longer than others can wait. */
  onYield(run: Run): void
}

type End =
  | { status: 'completed'; result?: string }
  | { status: 'error'; error: SandboxFailure }
  | { status: 'suspended'; wakeAt: number | null }

/**
 * One run seen from outside: its calls, the order of their answers, its clock. The order is decided
 * here and nowhere else, so a run that loses its thread is started over with what it was answered
 * before, and no call is made twice.
 */
export class Run {
  readonly id: number
  readonly outcome: Promise<SandboxOutcome>
  isQuarantined = false
  restarts = 0
  readonly #options: RunOptions
  readonly #resolvers = Promise.withResolvers<SandboxOutcome>()
  readonly #aborter = new AbortController()
  readonly #calls: CallWindow
  readonly #recorded: ReadonlyMap<number, SettledCall>
  readonly #digests: string[] = []
  readonly #trail: Pick<SandboxTrail, 'logs' | 'emitted'> = { logs: [], emitted: [] }
  /** How many lines and values this life told; those that one before told are not told again. */
  #told = { logs: 0, emitted: 0 }
  /** Null once it is too much to keep. */
  #settled: SettledCall[] | null
  #retainedBytes = 0
  #thread: Thread | null = null
  #clock: number
  #wall = new WallClock()
  #timer: NodeJS.Timeout | undefined
  #timerDue: number | null = null
  /** How it ends as soon as the last of its calls was sent. */
  #ending: End | null = null
  #isOver = false

  constructor(options: RunOptions) {
    const { input, limits } = options
    const replay = input.replay ?? []
    this.#options = options
    this.id = options.id
    this.outcome = this.#resolvers.promise
    this.#calls = new CallWindow(limits.concurrentCallsMax, (call) => this.#send(call))
    this.#recorded = new Map(replay.map((call) => [call.index, call]))
    this.#settled = [...replay]
    this.#clock = Math.max(input.startedAt, input.clock ?? 0, replay.at(-1)?.settledAt ?? 0)
  }

  get canRestart(): boolean {
    return this.#settled !== null
  }

  startOn(thread: Thread): void {
    const { code, seed, startedAt } = this.#options.input
    const { limits } = this.#options
    const replay = (this.#settled ?? []).map(toDelivery)
    this.#thread = thread
    this.#told = { logs: 0, emitted: 0 }
    thread.add(this.id)
    thread.post({
      type: 'start',
      run: this.id,
      ...{ code, seed, startedAt, limits, replay, clock: this.#clock },
    })
    this.#keepTime()
  }

  leaveThread(): void {
    this.#thread?.remove(this.id)
    this.#thread = null
    this.#schedule(null)
    this.#keepTime()
  }

  /** A life before this one, on another thread, may still have something to say: it is not heard. */
  take(turn: Turn, from: Thread): void {
    if (this.#isOver || this.#thread !== from) return
    // A script that fails, or starts over, in the turn in which it makes a call does not make it.
    const isSent = turn.end === null || turn.end.type === 'completed'
    try {
      for (const call of turn.calls) this.#issue(call, isSent)
      for (const line of turn.logs) this.#tellLog(line)
      for (const json of turn.emitted) this.#tellEmitted(json)
    } catch (error) {
      this.abandon(error)
    }
    if (this.#isOver) return
    if (turn.end !== null) this.#end(turn.end)
    else {
      this.#schedule(turn.timer)
      this.#keepTime()
    }
  }

  fail(error: SandboxFailure): void {
    this.#finish({ status: 'error', error })
  }

  /** Something outside the script is broken: whoever started the run is told. */
  abandon(error: unknown): void {
    if (this.#isOver) return
    this.#leave()
    this.#aborter.abort()
    this.#resolvers.reject(error)
    this.#options.onOver(this)
  }

  checkWall(nowMs: number): void {
    const { limits } = this.#options
    if (this.#wall.elapsedMs(nowMs) > limits.wallMs) this.fail(limitFailure('timeout', limits))
  }

  #end(end: TurnEnd): void {
    if (end.type === 'yielded') this.#options.onYield(this)
    else {
      this.leaveThread()
      if (end.type === 'failed') this.fail(end.error)
      else this.#complete(end.result)
    }
  }

  /** What a script asked for before it was done is sent, also where it did not wait for the answer. */
  #complete(result: string | undefined): void {
    const end: End = { status: 'completed', ...(result === undefined ? {} : { result }) }
    if (this.#calls.hasWaiting) this.#ending = end
    else this.#finish(end)
  }

  #issue(issued: IssuedCall, isSent: boolean): void {
    if (this.#isOver) return
    const digest = callDigest(issued.path, issued.args)
    const known = this.#digests[issued.index] ?? this.#recorded.get(issued.index)?.digest
    if (known !== undefined && known !== digest) this.fail(this.#diverged(issued))
    if (known === undefined && !isSent) return
    this.#digests[issued.index] = digest
    if (known === undefined) this.#calls.add({ ...issued, digest })
  }

  #send(call: SandboxCall): void {
    this.#ask(call)
      .then((answer) => this.#settle(call, answer))
      .catch((error: unknown) => this.#refuse(error))
  }

  async #ask(call: SandboxCall): Promise<CallAnswer> {
    const yieldPlace = () => this.#calls.yieldPlace(call.index)
    return this.#options.host.call(call, this.#aborter.signal, yieldPlace)
  }

  #settle(call: SandboxCall, { json, throws }: CallAnswer): void {
    if (this.#isOver) return
    this.#clock = Math.max(this.#clock, this.#options.now())
    const { index, path, digest } = call
    const thrown = throws === true ? { throws } : {}
    const settled: SettledCall = { index, path, digest, settledAt: this.#clock, json, ...thrown }
    this.#retain(settled)
    this.#options.host.settled?.(settled)
    this.#thread?.post({ type: 'deliver', run: this.id, answer: toDelivery(settled) })
    this.#calls.settle(index)
    this.#keepTime()
    if (this.#ending !== null && !this.#calls.hasWaiting) this.#finish(this.#ending)
  }

  #retain(settled: SettledCall): void {
    this.#retainedBytes += settled.json.length
    if (this.#retainedBytes > RETAINED_BYTES_MAX) this.#settled = null
    this.#settled?.push(settled)
  }

  #refuse(error: unknown): void {
    if (!(error instanceof Suspend)) this.abandon(error)
    else this.#finish(this.#ending ?? { status: 'suspended', wakeAt: this.#timerDue })
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
    if (this.#options.now() < due) this.#schedule(due)
    else {
      this.#clock = Math.max(this.#clock, due)
      this.#thread?.post({ type: 'tick', run: this.id, at: due })
    }
  }

  #keepTime(): void {
    const nowMs = performance.now()
    if (this.#thread !== null && this.#calls.isIdle) this.#wall.run(nowMs)
    else this.#wall.pause(nowMs)
  }

  #finish(end: End): void {
    if (this.#isOver) return
    const { unsettled } = this.#calls
    this.#leave()
    if (end.status === 'error') this.#aborter.abort()
    const calls = this.#digests.length
    this.#resolvers.resolve({ ...end, ...this.#trail, calls, unsettled, clock: this.#clock })
    this.#options.onOver(this)
  }

  #leave(): void {
    this.#isOver = true
    this.#settled = null
    this.#thread?.stop(this.id)
    this.leaveThread()
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

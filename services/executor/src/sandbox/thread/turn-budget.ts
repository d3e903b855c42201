import { CONTROL } from '../protocol.ts'

export type StopReason = 'cpu' | 'yield' | 'dropped' | 'calls' | 'output'

interface Budget {
  control: Int32Array
  run: number
  cpuMs: number
  /** How long one turn may hold the thread; null where nobody minds. */
  turnMs: number | null
}

/** Counts a run's processor time and says when it is to stop. */
export class TurnBudget {
  readonly #budget: Budget
  #usedMs = 0
  #turnStartMs = 0
  /** The wall clock runs at least as fast as processor time: until then there is nothing to look up. */
  #lookAtMs = 0
  #reason: StopReason | null = null

  constructor(budget: Budget) {
    this.#budget = budget
  }

  get reason(): StopReason | null {
    return this.#reason
  }

  stop(reason: StopReason): void {
    this.#reason ??= reason
  }

  beginTurn(): void {
    const { control, run } = this.#budget
    Atomics.store(control, CONTROL.current, run)
    Atomics.add(control, CONTROL.beat, 1)
    this.#turnStartMs = threadCpuMs()
    this.#lookAtMs = performance.now() + this.#leftMs(0)
  }

  endTurn(): void {
    this.#usedMs += threadCpuMs() - this.#turnStartMs
    Atomics.store(this.#budget.control, CONTROL.current, 0)
  }

  /** Asked while the script runs. */
  shouldStop(): boolean {
    const { control, run } = this.#budget
    Atomics.add(control, CONTROL.beat, 1)
    if (this.#reason !== null) return true
    if (Atomics.load(control, CONTROL.stop) === run) this.#reason = 'dropped'
    else if (performance.now() >= this.#lookAtMs) this.#look()
    return this.#reason !== null
  }

  #look(): void {
    const turnMs = threadCpuMs() - this.#turnStartMs
    const limitMs = this.#budget.turnMs
    if (this.#usedMs + turnMs >= this.#budget.cpuMs) this.#reason = 'cpu'
    else if (limitMs !== null && turnMs >= limitMs) this.#reason = 'yield'
    else this.#lookAtMs = performance.now() + this.#leftMs(turnMs)
  }

  #leftMs(turnMs: number): number {
    const runLeft = this.#budget.cpuMs - this.#usedMs - turnMs
    return Math.min(runLeft, (this.#budget.turnMs ?? runLeft + turnMs) - turnMs)
  }
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

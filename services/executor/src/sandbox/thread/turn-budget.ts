import { SHARED_CPU_MS_MAX, TURN_MS_MAX } from '../limits.ts'
import { CONTROL } from '../protocol.ts'

export type StopReason = 'cpu' | 'yield' | 'dropped' | 'calls' | 'output'

interface Budget {
  control: Int32Array
  run: number
  cpuMs: number
  /** Whether others wait while this run has the thread. */
  isShared: boolean
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
    this.#look(0)
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
    else if (performance.now() >= this.#lookAtMs) this.#look(threadCpuMs() - this.#turnStartMs)
    return this.#reason !== null
  }

  #look(turnMs: number): void {
    const cpuLeftMs = this.#budget.cpuMs - this.#usedMs - turnMs
    const sharedLeftMs = this.#budget.isShared
      ? Math.min(TURN_MS_MAX - turnMs, SHARED_CPU_MS_MAX - this.#usedMs - turnMs)
      : cpuLeftMs
    if (cpuLeftMs <= 0) this.#reason ??= 'cpu'
    else if (sharedLeftMs <= 0) this.#reason ??= 'yield'
    this.#lookAtMs = performance.now() + Math.min(cpuLeftMs, sharedLeftMs)
  }
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

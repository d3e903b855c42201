import { REJECTIONS_TOLD_MAX, type SandboxLimits, TIMERS_MAX } from '../limits.ts'
import type { Delivery, ToThread, Turn, TurnEnd } from '../protocol.ts'
import type { Cell, Guest } from './cell.ts'
import { type PreparedScript, prepareScript } from './code.ts'
import { describeThrown, leaveRoomToReport } from './describe-thrown.ts'
import {
  nestedFailure,
  rejectionFailure,
  rejectionLine,
  scriptFailure,
  stopFailure,
  syntaxFailure,
  type Thrown,
  tooDeep,
} from './failures.ts'
import { fitAnswer } from './fit-answer.ts'
import { isTooDeep } from './nesting.ts'
import type { Value } from './quickjs.ts'
import { divergedFailure, strandedFailure, trapFailure } from './run-failures.ts'
import { ScriptCalls } from './script-calls.ts'
import { ScriptOutput } from './script-output.ts'
import { TimerQueue } from './timer-queue.ts'
import type { StopReason, TurnBudget } from './turn-budget.ts'
import { setClock } from './virtual-time.ts'

type Start = Extract<ToThread, { type: 'start' }>

/**
 * One run inside a cell. It moves in turns: something is delivered, the script runs until it has
 * nothing left to do, and what it did is told. Everything the script can notice is a function of its
 * code, its seed, and the deliveries and their times.
 */
export class ScriptRun implements Guest {
  readonly #start: Start
  readonly #cell: Cell
  readonly #budget: TurnBudget
  readonly #memoryLeft: () => number
  #limits: SandboxLimits
  readonly #timers = new TimerQueue()
  #clock: number
  #prepared: PreparedScript | null = null
  #promise: Value | null = null
  #end: TurnEnd | null = null
  /** What the script returned, while work that it did not wait for goes on. */
  #isReturned = false
  #isFinishing = false
  #isBroken = false
  readonly #calls: ScriptCalls
  readonly #output: ScriptOutput

  /** `memoryLeft` says what neighbours leave for this run to grow into. */
  constructor(start: Start, cell: Cell, budget: TurnBudget, memoryLeft: () => number) {
    this.#limits = start.limits
    this.#calls = new ScriptCalls(start.limits.callsMax)
    this.#output = new ScriptOutput(start.limits.outputBytes)
    this.#memoryLeft = memoryLeft
    this.#start = start
    this.#cell = cell
    this.#budget = budget
    this.#clock = start.startedAt
    cell.admit(this, () => budget.shouldStop())
  }

  /** Starts the script and brings it to where its journal ends. */
  begin(): void {
    this.#inside(() => {
      this.#launch()
      for (const answer of this.#start.replay) {
        this.#pass(answer.settledAt)
        this.#settle(answer)
      }
      this.#pass(this.#start.clock)
      this.#compareWithJournal()
    })
  }

  deliver(answer: Delivery): void {
    this.#inside(() => {
      this.#pass(answer.settledAt)
      this.#settle(answer)
    })
  }

  tick(at: number): void {
    this.#inside(() => this.#pass(at))
  }

  get hasEnded(): boolean {
    return this.#end !== null || this.#budget.reason === 'dropped'
  }

  /** The cell's memory may be in any state. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /** What happened since the last time this was asked. */
  takeTurn(): Turn {
    return {
      run: this.#start.run,
      calls: this.#calls.take(),
      ...this.#output.take(),
      timer: this.#timers.nextDue,
      end: this.#end,
    }
  }

  // What follows is called from inside, by the globals.

  call(path: string, args: string): number | string {
    if (this.#isOver() || this.#isFinishing) return 'The script has ended and makes no more calls.'
    const index = this.#calls.issue(path, args, this.#clock)
    if (index === 'exhausted') this.#stopNow('calls')
    if (index === 'too_deep') return tooDeep('The arguments of this call are')
    if (index === 'too_long')
      return 'The path or the arguments of this call are too long to be sent.'
    return index
  }

  log(level: string, text: string): void {
    if (!this.#isOver()) this.#output.log(level, text, this.#clock)
  }

  emit(json: string): string | undefined {
    if (this.#isOver()) return undefined
    if (isTooDeep(json)) return tooDeep('What is emitted is')
    if (!this.#output.emit(json)) this.#stopNow('output')
    return undefined
  }

  arm(id: number, delayMs: number, isRepeated: number): number {
    if (this.#timers.size >= TIMERS_MAX) return -1
    const due = this.#clock + delayMs
    this.#timers.arm({ id, due, isRepeated: isRepeated === 1 })
    return due
  }

  /** Unwinds QuickJS itself: what floods does not get to go on until its next check. */
  #stopNow(reason: StopReason): never {
    this.#budget.stop(reason)
    throw new Unwound('The script is stopped.')
  }

  disarm(id: number): void {
    this.#timers.disarm(id)
  }

  #isOver(): boolean {
    return this.#end !== null || this.#budget.reason !== null
  }

  #inside(work: () => void): void {
    if (this.#end !== null) return
    setClock(this.#clock)
    this.#budget.beginTurn()
    try {
      this.#limitMemory()
      work()
    } catch (error) {
      this.#isBroken = true
      this.#end = { type: 'failed', error: trapFailure(error, this.#limits) }
    } finally {
      this.#budget.endTurn()
    }
    // An interruption can surface as an error of the script's own: the reason tells the truth.
    const { reason } = this.#budget
    if (reason === 'yield') this.#end = { type: 'yielded' }
    else if (reason !== null && reason !== 'dropped') {
      this.#end = { type: 'failed', error: stopFailure(reason, this.#limits) }
    }
  }

  #limitMemory(): void {
    const memoryBytes = Math.min(this.#start.limits.memoryBytes, this.#memoryLeft())
    if (memoryBytes !== this.#limits.memoryBytes) this.#limits = { ...this.#limits, memoryBytes }
    this.#cell.heapBytesMax = memoryBytes
  }

  #launch(): void {
    const { quickjs, entries } = this.#cell
    quickjs.setStackLimit(this.#limits.stackBytes)
    this.#enter(entries.begin, [quickjs.newString(this.#start.seed)])
    const main = this.#compile()
    if (main === null) return
    const started = quickjs.call(main)
    if (started.ok) this.#promise = started.value
    else this.#fail(started.thrown)
    this.#runOn()
  }

  #compile(): Value | null {
    const prepared = prepareScript(this.#start.code)
    this.#prepared = prepared
    const compiled = this.#cell.quickjs.evaluate(prepared.reading.text, 'script')
    if (compiled.ok) return compiled.value
    const error = syntaxFailure(this.#describe(compiled.thrown), prepared, this.#limits)
    this.#end = { type: 'failed', error }
    return null
  }

  /** Lets time pass: what is due fires, one after the other. */
  #pass(to: number): void {
    for (;;) {
      const timer = this.#isOver() ? undefined : this.#timers.takeDue(to)
      if (timer === undefined) break
      this.#moveClock(timer.due)
      this.#enter(this.#cell.entries.fire, [this.#cell.quickjs.newNumber(timer.id)])
      this.#runOn()
    }
    this.#moveClock(to)
  }

  #moveClock(to: number): void {
    this.#clock = Math.max(this.#clock, to)
    setClock(this.#clock)
  }

  #settle(answer: Delivery): void {
    if (this.#isOver()) return
    if (!this.#calls.settle(answer.index)) {
      this.#end = { type: 'failed', error: divergedFailure(answer.index) }
      return
    }
    const { quickjs, entries } = this.#cell
    const { json, throws } = fitAnswer(answer, this.#limits.memoryBytes)
    const args = [
      quickjs.newNumber(answer.index),
      quickjs.newNumber(throws ? 1 : 0),
      quickjs.newString(json),
    ]
    this.#enter(entries.settle, args)
    for (const arg of args) quickjs.free(arg)
    this.#runOn()
  }

  /** Calls one of the globals' own functions; what it throws is the script's doing. */
  #enter(entry: Value, args: Value[]): void {
    const outcome = this.#cell.quickjs.call(entry, args)
    if (outcome.ok) this.#cell.quickjs.free(outcome.value)
    else if (!this.#isOver()) this.#fail(outcome.thrown)
  }

  /**
   * Runs until nothing is left to run, then looks: is the script done, or waiting for something that
   * can come? After every single event, so that the answer never depends on how events were bundled.
   */
  #runOn(): void {
    if (this.#isOver()) return
    this.#cell.quickjs.runJobs(() => this.#isOver())
    if (!this.#isOver()) this.#look()
  }

  #look(): void {
    if (!this.#isReturned && this.#promise !== null) {
      const outcome = this.#cell.quickjs.promiseOutcome(this.#promise)
      if (outcome.state === 'settled') {
        if (outcome.ok) this.#finish(outcome.value)
        else this.#fail(outcome.thrown)
      }
    }
    if (this.#isOver()) return
    const waitsForWork = this.#calls.unsettled > 0 || this.#timers.hasOneShot
    if (this.#isReturned) {
      if (!waitsForWork)
        this.#end = this.#failUnhandled() ?? { type: 'completed', result: undefined }
    } else if (!waitsForWork && this.#timers.size === 0) {
      this.#end = { type: 'failed', error: strandedFailure() }
    }
  }

  /** A script that is done with less than it asked for the last time is another script. */
  #compareWithJournal(): void {
    if (this.#end?.type !== 'completed') return
    const missing = this.#start.replay.find(({ index }) => index >= this.#calls.issued)
    if (missing !== undefined) this.#end = { type: 'failed', error: divergedFailure(missing.index) }
  }

  /** A script that returned a value is done; one that returned nothing may have left work running. */
  #finish(value: Value): void {
    const { quickjs, entries } = this.#cell
    this.#isFinishing = true
    leaveRoomToReport(this.#cell, this.#limits.memoryBytes)
    const encoded = quickjs.call(entries.encode, [value])
    if (!encoded.ok) {
      this.#fail(encoded.thrown)
      return
    }
    if (quickjs.typeOf(encoded.value) === 'undefined') {
      this.#cell.heapBytesMax = this.#limits.memoryBytes
      this.#isFinishing = false
      this.#isReturned = true
      return
    }
    const result = quickjs.toText(encoded.value)
    this.#logUnhandled(this.#unhandled())
    if (isTooDeep(result)) this.#end = { type: 'failed', error: nestedFailure() }
    else if (this.#output.count(result)) this.#end = { type: 'completed', result }
    else this.#budget.stop('output')
  }

  #unhandled(): Value[] {
    return this.#promise === null ? [] : this.#cell.quickjs.unhandled(this.#promise)
  }

  /** A script that has nothing to show did what it did for the sake of what failed. */
  #failUnhandled(): TurnEnd | null {
    const [first, ...more] = this.#unhandled()
    if (first === undefined || this.#prepared === null) return null
    this.#isFinishing = true
    this.#logUnhandled(more)
    const error = rejectionFailure(this.#describe(first), this.#prepared, this.#limits)
    return { type: 'failed', error }
  }

  #logUnhandled(rejections: Value[]): void {
    for (const thrown of rejections.slice(0, REJECTIONS_TOLD_MAX)) {
      if (this.#prepared !== null)
        this.log('error', rejectionLine(this.#describe(thrown), this.#prepared))
    }
    const more = rejections.length - REJECTIONS_TOLD_MAX
    if (more > 0) this.log('error', `${more} more rejections were not handled.`)
  }

  #fail(thrown: Value): void {
    if (this.#prepared === null) return
    const error = scriptFailure(this.#describe(thrown), this.#prepared, this.#limits)
    this.#end = { type: 'failed', error }
  }

  #describe(thrown: Value): Thrown {
    return describeThrown(this.#cell, thrown, this.#limits.memoryBytes)
  }
}

class Unwound extends Error {
  override readonly name = 'Unwound'
}

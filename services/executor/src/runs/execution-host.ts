import type { ToolError } from '@executor/contracts'
import type { ExecutorDeps } from '../deps.ts'
import {
  type CallAnswer,
  type SandboxCall,
  type SandboxHost,
  type SettledCall,
  Suspend,
} from '../sandbox/sandbox.ts'
import type { InteractionRow, RunRow, StepRow } from '../store/rows.ts'
import { type CallableTool, failureAnswer, isFailure, type ToolAnswer } from '../tools/tool.ts'
import { RunQuestions } from './call-questions.ts'
import { passGate } from './gate.ts'
import { nextNews } from './news.ts'
import { findTool, outageAnswer, outlast, sendTool } from './outage.ts'
import { outcomeUnknown } from './outcome-unknown.ts'
import { diverged, toCallAnswer, toSettledCall } from './recorded-call.ts'
import type { RunControl } from './run-control.ts'

/** Milliseconds a run keeps its sandbox while all it does is wait for a person. */
const GRACE_MS = 1_000
/** The same for what it waited for in an earlier life already. */
const KNOWN_GRACE_MS = 250
/** Milliseconds that reads have to be answered when their script has ended without them. */
const READ_MS_MAX = 100
/** Milliseconds between two looks at an interaction, should its event be lost. */
const LOOK_MS = 2_000
const INTERACTIONS_MAX = 10_000

/** The addresses of calls that were still under way when their script had ended. */
export interface Outlived {
  /** Not sent: nobody had approved them. */
  withdrawn: readonly string[]
  /** Answered, or given up, without the script hearing of it. */
  unheard: readonly string[]
}

/** What a script reaches: tools, through the gate, each call a step in the journal. */
export class ExecutionHost implements SandboxHost {
  /** Calls that were answered before, in the order in which they were. */
  readonly replay: SettledCall[]
  /** The script's clock when it was last seen; null for a run that begins. */
  readonly clock: number | null
  readonly #deps: ExecutorDeps
  readonly #run: RunRow
  readonly #control: RunControl
  readonly #steps: Map<number, StepRow>
  /** Approvals, by position. */
  readonly #asked: Map<number, InteractionRow>
  readonly #questions: RunQuestions
  /** Answers on their way to the script. */
  readonly #answers = new Map<number, ToolAnswer>()
  readonly #outstanding = new Map<number, { path: string; answered: Promise<unknown> }>()
  /** The script has ended, and does not go on elsewhere. */
  #isOver = false
  /** Aborts then; made for the first call that waits for a person. */
  #over: AbortController | null = null
  /** Aborts when nobody wants the answer of a read any more; made for the first call. */
  #reads: AbortController | null = null
  readonly #withdrawn: string[] = []
  readonly #known: { steps: number; settled: number }
  readonly #askedBefore: ReadonlySet<string>
  /** The sandbox's own: aborts when the script failed, or was cancelled. */
  #signal: AbortSignal | null = null
  #waiting = 0
  #settleOrder: number

  static async open(deps: ExecutorDeps, run: RunRow, control: RunControl): Promise<ExecutionHost> {
    if (run.attempt <= 1) return new ExecutionHost(deps, run, control, [], [])
    const [steps, asked] = await outlast(() =>
      Promise.all([
        deps.store.listSteps(run.id),
        deps.store.listInteractions(run.tenant, { runId: run.id, limit: INTERACTIONS_MAX }),
      ]),
    )
    return new ExecutionHost(deps, run, control, steps, asked)
  }

  private constructor(
    deps: ExecutorDeps,
    run: RunRow,
    control: RunControl,
    steps: StepRow[],
    asked: InteractionRow[],
  ) {
    this.#deps = deps
    this.#run = run
    this.#control = control
    this.#steps = new Map(steps.map((step) => [step.position, step]))
    const approvals = asked.filter(({ kind }) => kind === 'approval')
    this.#asked = new Map(approvals.map((interaction) => [interaction.position, interaction]))
    // Listed the latest first.
    const questions = asked.filter(({ kind }) => kind !== 'approval').reverse()
    this.#questions = new RunQuestions(deps, run, control, questions)
    const delivered = steps
      .filter((step) => step.settleOrder !== null && step.result !== null)
      .sort((a, b) => (a.settleOrder ?? 0) - (b.settleOrder ?? 0))
    this.replay = delivered.map(toSettledCall)
    this.#settleOrder = delivered.length
    this.#known = { steps: steps.length, settled: delivered.length }
    this.#askedBefore = new Set(asked.map(({ id }) => id))
    const times = steps.flatMap((step) => [step.startedAt, step.settledAt ?? 0])
    this.clock =
      steps.length === 0 && run.clock === null ? null : Math.max(run.clock ?? 0, ...times)
  }

  /** Whether a person was ever asked anything for this run. */
  get hasAsked(): boolean {
    return this.#asked.size > 0 || this.#withdrawn.length > 0
  }

  /** Whether this life called anything new, or was told anything new. */
  get hasProgressed(): boolean {
    return this.#steps.size > this.#known.steps || this.#settleOrder > this.#known.settled
  }

  /** Milliseconds for which upstreams waited for people. */
  get waitedMs(): number {
    return this.#questions.waitedMs
  }

  call(call: SandboxCall, signal: AbortSignal, yieldPlace: () => void): Promise<CallAnswer> {
    if (this.#signal !== signal) this.#follow(signal)
    const answered = this.#answer(call, signal, yieldPlace).finally(() =>
      this.#outstanding.delete(call.index),
    )
    this.#outstanding.set(call.index, { path: call.path, answered })
    return answered
  }

  #follow(signal: AbortSignal): void {
    this.#signal = signal
    const reads = new AbortController()
    this.#reads = reads
    signal.addEventListener('abort', () => reads.abort(), { once: true })
  }

  /** The moment an answer is about to reach the script: its place in the journal. */
  settled({ index, settledAt }: SettledCall): void {
    this.#record(index, settledAt)
  }

  /**
   * Calls that outlive the script. What was sent and may change something is waited for and recorded.
   * Where the script has ended for good, reads have a moment, and what waits for a person is not sent.
   * Where it goes on elsewhere, reads that were cut off are sent again there.
   */
  async settleOutstanding(isOver: boolean): Promise<Outlived> {
    this.#isOver = isOver
    const unheard = [
      ...[...this.#answers.keys()].map((index) => this.#steps.get(index)?.address ?? ''),
      ...[...this.#outstanding.values()].map(({ path }) => path),
    ]
    if (unheard.length === 0) return { withdrawn: this.#withdrawn, unheard }
    let timer: NodeJS.Timeout | undefined
    if (isOver) {
      this.#over?.abort()
      timer = setTimeout(() => this.#reads?.abort(), READ_MS_MAX)
    }
    await Promise.allSettled([...this.#outstanding.values()].map(({ answered }) => answered))
    clearTimeout(timer)
    for (const index of [...this.#answers.keys()]) {
      const isCutOff =
        this.#reads?.signal.aborted === true && this.#steps.get(index)?.readOnly === true
      if (isOver || !isCutOff) this.#record(index, Date.now())
    }
    const withdrawn = new Set(this.#withdrawn)
    return {
      withdrawn: this.#withdrawn,
      unheard: unheard.filter((address) => !withdrawn.has(address)),
    }
  }

  #record(index: number, settledAt: number): void {
    const answer = this.#answers.get(index)
    const step = this.#steps.get(index)
    if (!answer || !step) return
    this.#answers.delete(index)
    step.status = step.status === 'unknown' ? 'unknown' : 'settled'
    step.ok = answer.ok
    step.httpStatus = answer.httpStatus
    step.result = answer.json
    step.settleOrder = this.#settleOrder++
    step.settledAt = settledAt
    this.#deps.journal.append(this.#run, { step })
  }

  async #answer(
    call: SandboxCall,
    signal: AbortSignal,
    yieldPlace: () => void,
  ): Promise<CallAnswer> {
    const answer = await this.#perform(call, signal, yieldPlace).catch(outageAnswer)
    this.#answers.set(call.index, answer)
    return toCallAnswer(call.path, answer)
  }

  async #perform(
    call: SandboxCall,
    signal: AbortSignal,
    yieldPlace: () => void,
  ): Promise<ToolAnswer> {
    const { journal } = this.#deps
    const known = this.#steps.get(call.index)
    if (known && known.digest !== call.digest) throw diverged(known, call)
    if (this.#control.isDraining()) throw new Suspend()
    const options = { principal: this.#run.principal, signal }
    const args = JSON.parse(call.args) as Record<string, unknown>
    const step = known ?? this.#addStep(call)

    // It was let through before, and then its worker was gone: it may have arrived.
    if (known?.status === 'intended' && !known.readOnly) {
      step.status = 'unknown'
      await this.#questions.closeLeft(step.position)
      return failureAnswer(outcomeUnknown(call.path))
    }
    const tool = await this.#outlast(signal, () =>
      findTool(this.#deps.tools, call.path, args, options),
    )
    if (isFailure(tool)) return this.#refuse(step, 'not found', tool.failure)
    step.readOnly = tool.readOnly
    const passage = await this.#pass(step, tool, args, { signal, yieldPlace })
    step.decision = passage.decision
    if (!passage.pass) return this.#refuse(step, passage.decision, passage.failure)

    step.status = 'intended'
    journal.append(this.#run, { step })
    // Everything the script knows, and that this is about to be sent, is durable before it is sent.
    if (!tool.readOnly) await journal.flush(this.#run.id)
    const { path, args: json, index: position } = call
    const sent = { position, path, args: json, readOnly: tool.readOnly }
    const wanted = tool.readOnly && this.#reads !== null ? this.#reads.signal : signal
    const answer = await this.#questions.during(sent, (asker) =>
      sendTool(tool, { ...passage.options, signal: wanted }, { signal: wanted }, asker),
    )
    if (!answer) throw new Suspend()
    return answer
  }

  /** A script is not told of outages of our own: it goes on when they are over, here or elsewhere. */
  #outlast<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    const askHere = () => {
      if (this.#control.isDraining()) throw new Suspend()
      return ask()
    }
    return outlast(askHere, { signal })
  }

  #addStep(call: SandboxCall): StepRow {
    const step: StepRow = {
      position: call.index,
      address: call.path,
      digest: call.digest,
      arguments: call.args,
      status: 'intended',
      // Until the tool is known; nothing is sent before.
      readOnly: true,
      decision: '',
      result: null,
      ok: null,
      httpStatus: null,
      settleOrder: null,
      startedAt: call.at,
      settledAt: null,
    }
    this.#steps.set(call.index, step)
    this.#run.stepCount = this.#steps.size
    return step
  }

  #refuse(step: StepRow, decision: string, failure: ToolError): ToolAnswer {
    step.decision = decision
    return failureAnswer(failure)
  }

  /** Asks the gate, and a person where the gate says so; comes back when there is an answer. */
  async #pass(
    step: StepRow,
    tool: CallableTool,
    args: Record<string, unknown>,
    { signal, yieldPlace }: { signal: AbortSignal; yieldPlace: () => void },
  ) {
    const { store, bus, journal, settings } = this.#deps
    const run = this.#run
    const gated = {
      run,
      position: step.position,
      tool,
      args,
      options: { principal: run.principal, signal },
    }
    const gate = { store, bus, interactionTtlMs: settings.interactionTtlMs }
    for (;;) {
      const asked = this.#asked.get(step.position) ?? null
      const passage = await this.#outlast(signal, () => passGate(gate, { ...gated, asked }))
      if (passage.pass !== 'ask') return passage
      yieldPlace()
      if (this.#isOver) throw this.#withdraw(step)
      if (!asked) {
        step.status = 'waiting'
        step.decision = passage.decision
        this.#asked.set(step.position, passage.interaction)
        journal.append(run, { step, interaction: passage.interaction })
        await journal.flush(run.id)
        this.#control.onAsked(passage.interaction)
      }
      await this.#waitForAnswer(step, passage.interaction.id, signal)
    }
  }

  /** Nobody is asked, or goes on being asked, for a script that has ended. */
  #withdraw(step: StepRow): Suspend {
    step.status = 'waiting'
    this.#withdrawn.push(step.address)
    this.#deps.journal.append(this.#run, { step })
    return new Suspend()
  }

  /** Resolves when the interaction has changed; throws `Suspend` when waiting is all that is left. */
  async #waitForAnswer(step: StepRow, id: string, signal: AbortSignal): Promise<void> {
    this.#over ??= new AbortController()
    const over = AbortSignal.any([signal, this.#over.signal])
    const graceMs = this.#askedBefore.has(id) ? KNOWN_GRACE_MS : GRACE_MS
    this.#waiting++
    try {
      for (;;) {
        const row = await this.#outlast(signal, () =>
          this.#deps.store.findInteraction(this.#run.tenant, id),
        )
        if (row && row.status !== 'open') {
          this.#asked.set(step.position, row)
          return
        }
        const woken = await nextNews(
          this.#control.wake,
          this.#onlyWaits() ? graceMs : LOOK_MS,
          over,
        )
        if (signal.aborted || this.#control.isDraining()) throw new Suspend()
        if (this.#isOver) throw this.#withdraw(step)
        if (!woken && this.#onlyWaits()) throw new Suspend()
      }
    } finally {
      this.#waiting--
    }
  }

  #onlyWaits(): boolean {
    return this.#waiting >= this.#outstanding.size
  }
}

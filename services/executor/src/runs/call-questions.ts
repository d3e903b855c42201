import { ServiceError } from '@executor/contracts'
import type { ExecutorDeps } from '../deps.ts'
import type { Ask, Asker, Question, QuestionAnswer } from '../protocols/protocol.ts'
import type { InteractionRow, RunRow } from '../store/rows.ts'
import type { ToolAnswer } from '../tools/tool.ts'
import { nextNews } from './news.ts'
import { outlast } from './outage.ts'
import {
  type AskingCall,
  digestQuestion,
  newQuestion,
  objectionTo,
  toQuestionAnswer,
} from './question.ts'
import type { RunControl } from './run-control.ts'

/** Milliseconds between two looks at a question, should its event be lost. */
const LOOK_MS = 2_000
/** Questions of one call: a conversation, not a siege. */
const QUESTIONS_PER_CALL_MAX = 20
/** Questions that one run has open at a time. */
const OPEN_PER_RUN_MAX = 20

export interface SentCall extends AskingCall {
  readOnly: boolean
}

/** The questions that upstreams raise while calls of one run are under way. */
export class RunQuestions {
  readonly run: RunRow
  readonly control: RunControl
  readonly deps: Pick<ExecutorDeps, 'store' | 'journal' | 'settings'>
  /** What was asked in earlier lives of the run, in that order. */
  readonly #recorded: InteractionRow[]
  #open = 0
  #askingSince = 0
  #waitedMs = 0

  constructor(
    deps: Pick<ExecutorDeps, 'store' | 'journal' | 'settings'>,
    run: RunRow,
    control: RunControl,
    recorded: InteractionRow[],
  ) {
    this.deps = deps
    this.run = run
    this.control = control
    this.#recorded = recorded
  }

  /** Milliseconds for which a question was open: the run's clock stands still meanwhile. */
  get waitedMs(): number {
    return this.#waitedMs
  }

  get hasRoom(): boolean {
    if (this.#open > 0) return this.#open < OPEN_PER_RUN_MAX
    return this.control.hasRoomToAsk()
  }

  /** Sends a call that may ask. Null where it was given up, unanswered, to go on elsewhere. */
  async during(
    call: SentCall,
    send: (asker: Asker) => Promise<ToolAnswer>,
  ): Promise<ToolAnswer | null> {
    const asked: CallQuestions[] = []
    const ask: Ask = (question, signal) => {
      const questions = asked[0] ?? new CallQuestions(this, call)
      asked[0] = questions
      return questions.ask(question, signal)
    }
    try {
      const answer = await send({ run: this.run.id, ask })
      return asked[0]?.isGivenUp ? null : answer
    } catch (error) {
      if (asked[0]?.isGivenUp) return null
      throw error
    } finally {
      if (asked[0]) await asked[0].end()
      if (this.#recorded.length > 0 && !asked[0]?.isGivenUp) await this.closeLeft(call.position)
    }
  }

  /** Takes the record of a question that was asked before; the same one twice takes two. */
  take(position: number, digest: string): InteractionRow | undefined {
    const at = this.#recorded.findIndex((row) => row.position === position && row.digest === digest)
    return at < 0 ? undefined : this.#recorded.splice(at, 1)[0]
  }

  /** Closes what a call asked before and does not ask any more. */
  async closeLeft(position: number): Promise<void> {
    const left = this.#recorded.filter((row) => row.position === position && row.status === 'open')
    await Promise.all(left.map(({ id }) => this.withdraw(id)))
  }

  async withdraw(id: string): Promise<void> {
    const nobody = { answeredBy: null, answeredRoles: null, answeredVia: null }
    const answer = { status: 'cancelled' as const, content: null, answeredAt: Date.now() }
    await outlast(() => this.deps.store.answerInteraction(id, { ...answer, ...nobody }))
  }

  async whileOpen<T>(work: () => Promise<T>): Promise<T> {
    if (this.#open++ === 0) this.#setAsking(true)
    try {
      return await work()
    } finally {
      if (--this.#open === 0) this.#setAsking(false)
    }
  }

  #setAsking(asking: boolean): void {
    const now = Date.now()
    if (asking) this.#askingSince = now
    else this.#waitedMs += now - this.#askingSince
    this.run.asking = asking
    this.deps.journal.append(this.run)
    this.control.onAsking()
  }
}

/** The questions of one call. */
class CallQuestions {
  readonly #of: RunQuestions
  readonly #call: SentCall
  readonly #ended = new AbortController()
  readonly #asking = new Set<Promise<unknown>>()
  #count = 0
  isGivenUp = false

  constructor(of: RunQuestions, call: SentCall) {
    this.#of = of
    this.#call = call
  }

  ask(question: Question, signal: AbortSignal): Promise<QuestionAnswer> {
    const asking = this.#answer(question, signal).finally(() => this.#asking.delete(asking))
    this.#asking.add(asking)
    return asking
  }

  /** The call has its answer: what it still asks is nobody's concern any more. */
  async end(): Promise<void> {
    this.#ended.abort()
    await Promise.allSettled(this.#asking)
  }

  async #answer(question: Question, signal: AbortSignal): Promise<QuestionAnswer> {
    const { run, deps, control } = this.#of
    const objection = this.#objectionTo(question)
    if (objection !== null) return { action: 'decline', reason: objection }
    const digest = digestQuestion(this.#call, question)
    const recorded = this.#of.take(this.#call.position, digest)
    if (recorded && recorded.status !== 'open') return toQuestionAnswer(recorded)

    const ttlMs = deps.settings.interactionTtlMs
    const row = recorded ?? newQuestion(run, this.#call, question, { digest, ttlMs })
    const over = AbortSignal.any([signal, this.#ended.signal, control.signal])
    return this.#of.whileOpen(async () => {
      if (!recorded) {
        deps.journal.append(run, { interaction: row })
        await deps.journal.flush(run.id)
      }
      control.onAsked(row)
      return toQuestionAnswer(await this.#untilClosed(row, over))
    })
  }

  #objectionTo(question: Question): string | null {
    if (this.#count++ >= QUESTIONS_PER_CALL_MAX)
      return `One call may ask at most ${QUESTIONS_PER_CALL_MAX} times.`
    if (!this.#of.hasRoom) return 'Too many questions are open right now.'
    return objectionTo(question, this.#of.run)
  }

  async #untilClosed({ id, tenant }: InteractionRow, over: AbortSignal): Promise<InteractionRow> {
    const { deps, control } = this.#of
    for (;;) {
      const row = await outlast(() => deps.store.findInteraction(tenant, id), { signal: over })
      if (!row || control.signal.aborted) throw givenUp()
      if (row.status !== 'open') return row
      if (over.aborted) await this.#of.withdraw(id)
      else if (control.isDraining()) await this.#leave(id)
      else await nextNews(control.wake, LOOK_MS, over)
    }
  }

  /**
   * This process ends. A call that only reads is sent again elsewhere, where the question still
   * stands; one that may change something gets its question cancelled, so that it ends for certain.
   */
  async #leave(id: string): Promise<void> {
    if (!this.#call.readOnly) return this.#of.withdraw(id)
    this.isGivenUp = true
    throw givenUp()
  }
}

function givenUp(): ServiceError {
  return new ServiceError('cancelled', 'call_given_up', 'Nobody waits for this call here any more.')
}

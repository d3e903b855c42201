import { expect } from 'vitest'
import type {
  CallAnswer,
  SandboxCall,
  SandboxHost,
  SandboxInput,
  SandboxOutcome,
  SandboxPool,
  SettledCall,
} from './sandbox.ts'

export const STARTED_AT = Date.UTC(2026, 0, 2, 3, 4, 5)

export function anInput(code: string, more: Partial<SandboxInput> = {}): SandboxInput {
  return { code, seed: 'seed', startedAt: STARTED_AT, ...more }
}

export const runIn =
  (pool: SandboxPool) =>
  (code: string, host = new RecordingHost(), more: Partial<SandboxInput> = {}) =>
    pool.run(anInput(code, more), host)

export function resultOf(outcome: SandboxOutcome): unknown {
  expect(outcome).toMatchObject({ status: 'completed' })
  return outcome.status === 'completed' && outcome.result !== undefined
    ? JSON.parse(outcome.result)
    : undefined
}

export function errorOf(outcome: SandboxOutcome) {
  expect(outcome.status).toBe('error')
  return outcome.status === 'error' ? outcome.error : undefined
}

/** Answers every call with what it was asked, and remembers what it was told. */
export class RecordingHost implements SandboxHost {
  readonly asked: SandboxCall[] = []
  readonly journal: SettledCall[] = []
  readonly #answer: (call: SandboxCall, signal: AbortSignal) => Promise<CallAnswer> | CallAnswer

  constructor(
    answer: (call: SandboxCall, signal: AbortSignal) => Promise<CallAnswer> | CallAnswer = echo,
  ) {
    this.#answer = answer
  }

  async call(call: SandboxCall, signal: AbortSignal): Promise<CallAnswer> {
    this.asked.push(call)
    return this.#answer(call, signal)
  }

  settled(call: SettledCall): void {
    this.journal.push(call)
  }
}

function echo({ path, args }: SandboxCall): CallAnswer {
  return { json: JSON.stringify({ ok: true, data: { path, args: JSON.parse(args) } }) }
}

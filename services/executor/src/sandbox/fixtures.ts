import type { CallAnswer, SandboxCall, SandboxHost, SandboxInput, SettledCall } from './host.ts'

export const STARTED_AT = Date.UTC(2026, 0, 2, 3, 4, 5)

export function anInput(code: string, more: Partial<SandboxInput> = {}): SandboxInput {
  return { code, seed: 'seed', startedAt: STARTED_AT, ...more }
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

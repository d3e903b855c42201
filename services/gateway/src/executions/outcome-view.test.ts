import type { Interaction, RunOutcome } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { toOutcomeView } from './outcome-view.ts'

const approvalUrl = 'https://executor.example/resume/exec_1'
const interaction: Interaction = {
  id: 'int_1',
  runId: 'exec_1',
  kind: 'approval',
  message: 'Approve github.org.main.issues.create?',
  address: 'github.org.main.issues.create',
  arguments: {},
  digest: 'd',
  status: 'open',
  createdAt: 0,
  expiresAt: 1,
  answeredAt: null,
  answeredBy: null,
  answeredVia: null,
}
const outcomes: RunOutcome[] = [
  { status: 'waiting', runId: 'exec_1', interactions: [interaction] },
  { status: 'running', runId: 'exec_1' },
]

describe('toOutcomeView', () => {
  it.each(outcomes)('says how to go on, where that is the client’s to do: $status', (outcome) => {
    for (const mode of ['browser', 'model'] as const) {
      const { text } = toOutcomeView(outcome, { approvalUrl, mode })

      expect(text).toMatch(/call resume/i)
    }
  })

  it.each(outcomes)(
    'names no tool that is not there where the user was asked: $status',
    (outcome) => {
      const { text, structured } = toOutcomeView(outcome, { approvalUrl, mode: 'native' })

      expect(text).toContain(approvalUrl)
      expect(JSON.stringify([text, structured])).not.toMatch(/call resume/i)
    },
  )

  it.each([
    ['Error: later\n1 | throw x\n  | ^', 'Error: later (line 1, column 7)\n1 | throw x\n  | ^'],
    ['SyntaxError: no', 'Error: SyntaxError: no (line 1, column 7)'],
    ['Namespaces are not there, line 1.', 'Error: Namespaces are not there, line 1.'],
  ])('says once that it failed, and where: %j', (message, shown) => {
    const error = { code: 'script_error', message, line: 1, column: 7 }
    const settled = { status: 'settled', runId: 'exec_1', kind: 'execution' } as const
    const result = { ok: false, error, emitted: [], logs: [] }

    const { text } = toOutcomeView(
      { ...settled, run: 'failed', result },
      { approvalUrl, mode: 'browser' },
    )

    expect(text).toBe(shown)
  })

  const viewOf = (value: unknown) =>
    toOutcomeView(
      {
        status: 'settled',
        runId: 'exec_1',
        kind: 'execution',
        run: 'completed',
        result: { ok: true, value, emitted: [], logs: [] },
      },
      { approvalUrl, mode: 'browser' },
    )
  function nested(levels: number): unknown {
    let value: unknown = 1
    for (let level = 0; level < levels; level++) value = [value]
    return value
  }

  it.each([[{ list: [{ id: 1 }] }], [[1, 'two']], [null], [nested(12)]])(
    'writes %j as people read it',
    (value) => {
      expect(viewOf(value).text).toBe(JSON.stringify(value, null, 2))
    },
  )

  it('cuts a long text, and says how long it is', () => {
    const numbers = viewOf(Array.from({ length: 1_000_000 }, (_, index) => index))
    const long = viewOf('x'.repeat(30_001))

    expect(numbers.text).toMatch(
      /^\[\n {2}0,\n[\d\s,]{29000,30000}\n\[This is the beginning of 1000000 items\. The whole result: GET \/api\/executions\/exec_1\/result\]$/,
    )
    expect(numbers.structured.result).toHaveLength(1_000_000)
    expect(long.text).toMatch(/x\n\[1 more characters were cut\. The whole result: GET/)
  })

  it('shows deep results without indenting them, and the deepest by where they are', () => {
    const deep = viewOf(Array.from({ length: 40 }, () => nested(900)))
    const deepest = viewOf(nested(100_000))

    expect(deep.text).toContain('[[[[[[[[')
    expect(deep.structured.result).toHaveLength(40)
    expect(deepest.text).toContain('GET /api/executions/exec_1/result]')
    expect(deepest.structured).toMatchObject({ result: null, resultTruncated: true })
  })
})

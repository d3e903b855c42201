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
})

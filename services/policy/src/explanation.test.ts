import { createDecider, type Rule } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aRule, PATH } from '../test/fixtures.ts'
import { explainDecision } from './explanation.ts'

function explain(rules: Rule[], requiresApproval = false): string {
  const decider = createDecider(rules)
  const decision = decider.decide(PATH, requiresApproval)
  return explainDecision({ decision, matches: decider.match(PATH), path: PATH, requiresApproval })
}

const own = aRule({ id: 'own', owner: 'user', pattern: 'github.*', action: 'block' })

describe('explainDecision', () => {
  it('says what the operation itself asks for where no rule matches', () => {
    expect(explain([])).toBe(
      `No rule matches ${PATH}. The operation itself asks for no approval, so it runs.`,
    )
    expect(explain([], true)).toBe(
      `No rule matches ${PATH}. The operation itself asks for approval.`,
    )
  })

  it('says that a rule stands above the operation’s default', () => {
    expect(explain([own])).toBe(
      `Your own rule "github.*" blocks it, as the first of your own rules that matches ${PATH}. Where a rule matches, the operation's own default does not count.`,
    )
  })

  it('says when both owners agree', () => {
    expect(explain([aRule(), own])).toContain('Your own rule "github.*" says the same.')
  })

  it('says whose rule lost', () => {
    expect(explain([aRule({ action: 'approve' }), own])).toContain(
      `The organization's rule "*" lets it run, but the stricter of the two holds.`,
    )
  })
})

import type { Rule } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { findTouchedRules, type ToolsInQuestion } from './touched-rules.ts'

const TOOLS = ['issues.create', 'issues.list', 'users.me']

function touchedBy(pattern: string, asked: Partial<ToolsInQuestion> = {}): string[] {
  const rule: Rule = {
    id: 'pol_1',
    owner: 'org',
    pattern,
    action: 'block',
    position: 'a',
    createdAt: 0,
    updatedAt: 0,
  }
  const found = findTouchedRules([rule], { integration: 'github', tools: TOOLS, ...asked })
  return found.flatMap(({ tools }) => tools)
}

describe('findTouchedRules', () => {
  it.each(['*', 'github.*', 'github.org.*', 'github.org.main.*'])('takes all for %s', (pattern) => {
    expect(touchedBy(pattern)).toEqual(TOOLS)
  })

  it.each([
    ['github.*.*.issues.*', ['issues.create', 'issues.list']],
    ['github.org.main.issues.create', ['issues.create']],
    ['github.org.main.*.list', ['issues.list']],
    ['github.org.main', []],
    ['github', []],
    ['slack.*', []],
  ])('takes of %s what it can match in some account', (pattern, tools) => {
    expect(touchedBy(pattern)).toEqual(tools)
  })

  it('takes for one account only what matches there', () => {
    const account = { owner: 'org', connection: 'main' } as const

    expect(touchedBy('github.org.main.issues.*', { account })).toHaveLength(2)
    expect(touchedBy('github.org.other.issues.*', { account })).toEqual([])
    expect(touchedBy('github.user.*', { account })).toEqual([])
  })

  it('says how many there are where it names some', () => {
    const tools = Array.from({ length: 80 }, (_, index) => `t${index}`)
    const [found] = findTouchedRules(
      [
        {
          id: 'pol_1',
          owner: 'org',
          pattern: '*',
          action: 'approve',
          position: 'a',
          createdAt: 0,
          updatedAt: 0,
        },
      ],
      { integration: 'github', tools },
    )

    expect(found).toMatchObject({ toolCount: 80 })
    expect(found?.tools).toHaveLength(50)
  })
})

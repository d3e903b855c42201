import type { Interaction } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { anInteraction } from '../../test/fixtures.ts'
import { toPrompt } from './prompt.ts'

const approvalUrl = 'https://executor.example/resume/exec_1.int_1'
const abilities = { form: true, url: true, sampling: false }

describe('toPrompt where the user of a client answers', () => {
  const promptFor = (given: Partial<Interaction>, able = abilities) =>
    toPrompt(anInteraction({ kind: 'approval', status: 'open', ...given }), {
      mode: 'native',
      abilities: able,
      approvalUrl,
      asked: new Map(),
    })

  it('asks for an approval in the client', () => {
    expect(promptFor({ address: 'github.org.main.issues.create' })).toMatchObject({
      kind: 'question',
      params: { mode: 'form' },
    })
  })

  it('leads to the page for our own tools, for which what comes through a client has no rights', () => {
    const address = 'executor.coreTools.policies.create'

    expect(promptFor({ address })).toMatchObject({ kind: 'link', params: { url: approvalUrl } })
    expect(promptFor({ address }, { ...abilities, url: false })).toBeNull()
  })
})

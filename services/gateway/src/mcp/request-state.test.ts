import type { Principal } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { askedOnce } from './asked.ts'
import type { Prompt } from './prompt.ts'
import { inputRequired, openRound } from './request-state.ts'
import { createSeal } from './seal.ts'

const ann: Principal = { tenant: 't', subject: 'ann', roles: ['agent'], via: 'mcp' }
const seal = createSeal(Buffer.alloc(32, 1))
const caller = { principal: ann, tool: 'execute' }
const prompt: Prompt = {
  kind: 'question',
  interactionId: 'int_1',
  digest: 'd',
  times: 2,
  method: 'elicitation/create',
  params: {},
}
const INVALID = expect.objectContaining({ reason: 'request_state_invalid' })

function stateOf(): string {
  const result = inputRequired(seal, caller, {
    runId: 'exec_1',
    prompts: [prompt],
    asked: askedOnce(['int_0', 'int_1']),
  })
  return (JSON.parse(result) as { requestState: string }).requestState
}

describe('a request state', () => {
  it('leads back to the run and to what was asked', () => {
    expect(openRound(seal, caller, { requestState: stateOf() })).toEqual({
      runId: 'exec_1',
      prompts: [{ k: 'question', i: 'int_1', d: 'd', n: 2 }],
      asked: new Map([
        ['int_0', { times: 1 }],
        ['int_1', { times: 2 }],
      ]),
    })
  })

  it('is opened by every instance with the key, and by no other', () => {
    const twin = createSeal(Buffer.alloc(32, 1))
    const stranger = createSeal(Buffer.alloc(32, 2))

    expect(openRound(twin, caller, { requestState: stateOf() })).not.toBeNull()
    expect(() => openRound(stranger, caller, { requestState: stateOf() })).toThrow(INVALID)
  })

  it.each([
    ['somebody else', { principal: { ...ann, subject: 'bob' }, tool: 'execute' }],
    ['another tenant', { principal: { ...ann, tenant: 'u' }, tool: 'execute' }],
    ['a call of another tool', { principal: ann, tool: 'resume' }],
  ])('is refused to %s', (_, other) => {
    expect(() => openRound(seal, other, { requestState: stateOf() })).toThrow(INVALID)
  })

  it.each([
    ['tampered with', (state: string) => `${state.slice(0, 10)}x${state.slice(11)}`],
    ['cut', (state: string) => state.slice(0, -1)],
    ['unsigned', (state: string) => state.split('.')[0]],
    ['empty', () => ''],
    ['no text', () => ({ r: 'exec_1' })],
  ])('is refused when it is %s', (_, change) => {
    expect(() => openRound(seal, caller, { requestState: change(stateOf()) })).toThrow(INVALID)
  })
})

import { ServiceError } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { type CallableTool, failureAnswer, successAnswer, type ToolAnswer } from '../tools/tool.ts'
import { findTool, outlast, sendTool } from './outage.ts'

const signal = new AbortController().signal
const options = {
  principal: { tenant: 't', subject: 's', roles: ['owner' as const], via: 'rest' as const },
  signal,
}
const away = () => new ServiceError('unavailable', 'no_responders', 'Nobody answers.')
const awayAnswer = failureAnswer({ code: 'no_responders', message: 'Nobody answers.' })

function aTool(answers: ToolAnswer[], tool: Partial<CallableTool> = {}): CallableTool {
  return {
    path: 'ledger.org.main.writes.write',
    readOnly: false,
    requiresApproval: false,
    alwaysAsksAgents: false,
    summary: '',
    send: async () => answers.shift() ?? successAnswer('too often'),
    ...tool,
  }
}

describe('outlast', () => {
  it('asks again until what was away is back', async () => {
    const answers = [Promise.reject(away()), Promise.resolve('back')]

    expect(await outlast(async () => answers.shift())).toBe('back')
  })

  it('passes every other failure on at once', async () => {
    const refused = new ServiceError('not_found', 'tool_unknown', 'No.')

    await expect(outlast(() => Promise.reject(refused))).rejects.toBe(refused)
  })

  it('gives up when the time is over, and when nobody waits any more', async () => {
    const aborted = { signal: AbortSignal.abort() }

    await expect(outlast(() => Promise.reject(away()), { ms: 0 })).rejects.toMatchObject(away())
    await expect(outlast(() => Promise.reject(away()), aborted)).rejects.toMatchObject(away())
  })
})

describe('findTool', () => {
  it('throws where a service is away, and answers what it says where it is not', async () => {
    const failing = (code: string) => ({ find: async () => ({ failure: { code, message: 'm' } }) })

    await expect(findTool(failing('database_unavailable'), 'a', {}, options)).rejects.toMatchObject(
      { code: 'unavailable' },
    )
    expect(await findTool(failing('tool_not_found'), 'a', {}, options)).toEqual({
      failure: { code: 'tool_not_found', message: 'm' },
    })
  })
})

describe('sendTool', () => {
  it('sends once more what was not sent for want of a credential', async () => {
    const tool = aTool([awayAnswer, successAnswer('written')])

    expect(await sendTool(tool, options, { signal })).toEqual(successAnswer('written'))
  })

  it('leaves what an upstream answered as it is', async () => {
    const lost = failureAnswer({ code: 'upstream_connection_lost', message: 'm' })

    expect(await sendTool(aTool([lost]), options, { signal })).toBe(lost)
  })

  it('never repeats a change of our own that may have been carried out', async () => {
    const tool = aTool([awayAnswer], { path: 'executor.coreTools.policies.create' })

    expect(await sendTool(tool, options, { signal })).toBe(awayAnswer)
  })
})

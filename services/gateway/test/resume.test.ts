import type { Handlers } from '@executor/bus'
import { type executor, type Interaction, type RunOutcome, ServiceError } from '@executor/contracts'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterEach, describe, expect, it } from 'vitest'
import { anInteraction, aRun } from './fixtures.ts'
import { AGENT, type Harness, startGateway } from './harness.ts'

let gateway: Harness
const clients: Client[] = []
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await gateway.close()
})

interface Given {
  id: string
  action: string
  digest: string | undefined
}

/** A run that asks for one approval after the other, as many as are named, and then ends. */
async function startAsking(names: string[]): Promise<Given[]> {
  const given: Given[] = []
  const asked: Interaction[] = []
  const ask = () => {
    const name = names[asked.length]
    if (name === undefined) return
    const about = { id: `int_${name}`, digest: `d-${name}`, message: `Approve ${name}?` }
    asked.push(anInteraction({ ...about, runId: 'exec_1', status: 'open', answeredAt: null }))
  }
  ask()
  const open = () => asked.filter(({ status }) => status === 'open')
  const standing = (): RunOutcome => {
    const [first, ...others] = open()
    if (first) return { status: 'waiting', runId: 'exec_1', interactions: [first, ...others] }
    const result = { ok: true, value: 'done', emitted: [], logs: [] }
    return { status: 'settled', runId: 'exec_1', kind: 'execution', run: 'completed', result }
  }
  const find = (id: string) => {
    const found = asked.find((one) => one.id === id)
    if (found) return found
    throw new ServiceError('not_found', 'interaction_unknown', 'None.')
  }
  const handlers: Partial<Handlers<typeof executor>> = {
    execute: () => ({ json: JSON.stringify(standing()) }),
    awaitRun: () => ({ json: JSON.stringify(standing()) }),
    getRun: () => aRun({ id: 'exec_1', status: 'waiting', interactions: asked }),
    cancelRun: ({ id }) => aRun({ id, status: 'cancelled' }),
    rerunRun: ({ id }) => aRun({ id }),
    getInteraction: ({ id }) => find(id),
    listInteractions: ({ limit }) => ({ items: asked.toReversed().slice(0, limit) }),
    answerInteraction({ id, action, digest }) {
      const answered = find(id)
      if (answered.status === 'open') {
        given.push({ id, action, digest })
        answered.status = action === 'accept' ? 'accepted' : 'declined'
        ask()
      }
      return answered
    },
  }
  gateway = await startGateway({ executor: handlers }, { elicitationMode: 'model' })
  return given
}

const resume = (executionId: string, body: object = { action: 'accept' }) =>
  gateway.json(`/api/executions/${executionId}/resume`, { body })

describe('a resumed execution', () => {
  it('is paused under an id of this one pause, which leads to the run as well', async () => {
    await startAsking(['one', 'two'])

    const { body } = await gateway.json('/api/executions', { body: { code: 'x' } })
    const read = await gateway.json('/api/executions/exec_1.int_one')
    const cancelled = await gateway.json('/api/executions/exec_1.int_one/cancel', { body: {} })
    const again = await gateway.json('/api/executions/exec_1.int_one/rerun', { body: {} })

    expect(body).toMatchObject({
      executionId: 'exec_1.int_one',
      structured: { executionId: 'exec_1.int_one' },
      text: expect.stringMatching(/^executionId: exec_1\.int_one$/m),
      interaction: { id: 'int_one', message: 'Approve one?' },
      approvalUrl: `${gateway.origin}/resume/exec_1.int_one`,
    })
    expect(read.body).toMatchObject({
      id: 'exec_1',
      structured: { executionId: 'exec_1.int_one' },
      interaction: { id: 'int_one' },
    })
    expect(cancelled.body).toMatchObject({ id: 'exec_1' })
    expect(again.body).toMatchObject({ id: 'exec_1' })
  })

  it('is told again how it went on, and answers nothing else', async () => {
    const given = await startAsking(['one', 'two'])

    const first = await resume('exec_1.int_one')
    const repeated = await resume('exec_1.int_one')
    const other = await resume('exec_1.int_one', { action: 'decline' })
    const read = await gateway.json('/api/executions/exec_1.int_one')

    expect(given).toEqual([{ id: 'int_one', action: 'accept', digest: 'd-one' }])
    expect(first.body).toMatchObject({ status: 'paused', executionId: 'exec_1.int_two' })
    expect(repeated.body).toEqual(first.body)
    expect(other.body).toEqual(first.body)
    expect(read.body).toMatchObject({ structured: { executionId: 'exec_1.int_two' } })
    const done = await resume('exec_1.int_two')
    expect(done.body).toMatchObject({ status: 'completed', text: 'done', executionId: 'exec_1' })
    expect((await resume('exec_1.int_one')).body).toEqual(done.body)
  })

  it("takes the run's own id for the only thing it asked, and for nothing after that", async () => {
    const given = await startAsking(['one', 'two'])

    const first = await resume('exec_1')
    const second = await resume('exec_1')

    expect(given).toEqual([{ id: 'int_one', action: 'accept', digest: 'd-one' }])
    expect(first.body).toMatchObject({ status: 'paused', executionId: 'exec_1.int_two' })
    expect(second.body).toEqual(first.body)
  })

  it.each(['exec_1.int_three', 'exec_2.int_one'])('is none under %s', async (id) => {
    const given = await startAsking(['one'])

    expect(await resume(id)).toMatchObject({
      status: 404,
      body: { _tag: 'ExecutionNotFoundError', executionId: id },
    })
    expect(given).toEqual([])
  })

  it.each([{}, { content: {} }, { action: 'yes' }])('takes no answer from %j', async (body) => {
    const given = await startAsking(['one'])

    const refused = await resume('exec_1.int_one', body)

    expect(refused).toMatchObject({
      status: 400,
      body: { message: 'body.action: say what the answer is: "accept", "decline" or "cancel"' },
    })
    expect(given).toEqual([])
  })
})

describe('the resume tool where models answer', () => {
  async function connect(): Promise<Client> {
    const client = new Client({ name: 'test', version: '1' })
    const requestInit = { headers: { authorization: `Bearer ${AGENT}` } }
    const url = new URL(`${gateway.origin}/mcp`)
    await client.connect(new StreamableHTTPClientTransport(url, { requestInit }))
    clients.push(client)
    return client
  }
  const answering = (executionId: string) => ({
    name: 'resume',
    arguments: { executionId, action: 'accept', content: '{}' },
  })

  it.each(['exec_1.int_one', 'exec_1'])('counts %s once, however often it is sent', async (id) => {
    const given = await startAsking(['one', 'two'])
    const client = await connect()

    const first = await client.callTool(answering(id))
    const repeated = await client.callTool(answering(id))

    expect(given).toEqual([{ id: 'int_one', action: 'accept', digest: 'd-one' }])
    expect(first.structuredContent).toMatchObject({
      status: 'waiting_for_interaction',
      executionId: 'exec_1.int_two',
      interaction: { message: 'Approve two?' },
    })
    expect(repeated).toEqual(first)
  })

  it('asks for the answer where none is given', async () => {
    const given = await startAsking(['one'])
    const client = await connect()

    const call = { name: 'resume', arguments: { executionId: 'exec_1.int_one' } }
    const refused = await client.callTool(call).catch((error: unknown) => error)

    expect(refused).toMatchObject({ isError: true })
    expect(JSON.stringify(refused)).toContain('action')
    expect(given).toEqual([])
  })
})

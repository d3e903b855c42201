import {
  type Interaction,
  type JsonObject,
  type RunOutcome,
  ServiceError,
} from '@executor/contracts'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterEach, describe, expect, it } from 'vitest'
import { AGENT, type Harness, startGateway } from './harness.ts'

let gateway: Harness
const clients: Client[] = []
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await gateway.close()
})

function anInteraction(given: Partial<Interaction>): Interaction {
  return {
    id: 'int_1',
    runId: 'exec_1',
    kind: 'form',
    message: 'Which colour?',
    address: 'paint.org.main.mix',
    arguments: {},
    digest: 'd',
    status: 'open',
    createdAt: 1,
    expiresAt: null,
    answeredAt: null,
    answeredBy: null,
    answeredVia: null,
    ...given,
  }
}

const form = anInteraction({
  requestedSchema: {
    type: 'object',
    properties: { colour: { type: 'string', enum: ['red', 'blue'] } },
    required: ['colour'],
  },
})
const sampling = anInteraction({
  kind: 'sampling',
  request: { messages: [{ role: 'user', content: { type: 'text', text: 'hi' } }], maxTokens: 5 },
})

/** One run that asks one thing, and ends with what it was answered. */
async function startAsking(
  asked: Interaction,
): Promise<{ answers: JsonObject[]; canSample: unknown[] }> {
  const answers: JsonObject[] = []
  const canSample: unknown[] = []
  const state: { content?: JsonObject; wake: () => void } = { wake: () => {} }
  const standing = (): RunOutcome =>
    state.content
      ? {
          status: 'settled',
          runId: asked.runId,
          kind: 'execution',
          run: 'completed',
          result: { ok: true, value: state.content, emitted: [], logs: [] },
        }
      : { status: 'waiting', runId: asked.runId, interactions: [asked] }
  gateway = await startGateway(
    {
      executor: {
        execute(input) {
          canSample.push(input.canSample)
          return { json: JSON.stringify(standing()) }
        },
        async awaitRun({ known }) {
          if (!state.content && known.includes(asked.id))
            await new Promise<void>((resolve) => {
              state.wake = resolve
            })
          return { json: JSON.stringify(standing()) }
        },
        answerInteraction({ action, content = {}, digest }) {
          answers.push({ action, content, digest })
          if (content.colour === 'green')
            throw new ServiceError('invalid_argument', 'content_invalid', '"colour" is no colour.')
          state.content = content
          state.wake()
          return { ...asked, status: 'accepted' }
        },
      },
    },
    { elicitationMode: 'native' },
  )
  return { answers, canSample }
}

async function connect(mode: 'legacy' | 'auto', capabilities: object): Promise<Client> {
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities, versionNegotiation: { mode } },
  )
  const requestInit = { headers: { authorization: `Bearer ${AGENT}` } }
  const url = new URL(`${gateway.origin}/mcp`)
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }))
  clients.push(client)
  return client
}

const call = { name: 'execute', arguments: { code: 'return 1' } }

describe.each(['legacy', 'auto'] as const)('a question put to a client that speaks %s', (mode) => {
  it('shows the form of the upstream, and answers with what was filled in', async () => {
    const { answers } = await startAsking(form)
    const client = await connect(mode, { elicitation: { form: {} } })
    const shown: unknown[] = []
    client.setRequestHandler('elicitation/create', ({ params }) => {
      shown.push(params)
      return { action: 'accept', content: { colour: 'red' } }
    })

    const result = await client.callTool(call)

    expect(shown).toMatchObject([
      { message: 'Which colour?', requestedSchema: { required: ['colour'] } },
    ])
    expect(answers).toEqual([{ action: 'accept', content: { colour: 'red' }, digest: 'd' }])
    expect(result.structuredContent).toMatchObject({ result: { colour: 'red' } })
  })

  it('asks the model of a client that has one', async () => {
    const { answers, canSample } = await startAsking(sampling)
    const client = await connect(mode, { sampling: {} })
    client.setRequestHandler('sampling/createMessage', () => ({
      role: 'assistant',
      model: 'm',
      content: { type: 'text', text: 'hello' },
    }))

    const result = await client.callTool(call)

    expect(canSample).toEqual([true])
    expect(answers).toMatchObject([{ action: 'accept', content: { model: 'm' } }])
    expect(result.structuredContent).toMatchObject({ result: { content: { text: 'hello' } } })
  })

  it('is only told to a client that cannot be asked', async () => {
    const { answers, canSample } = await startAsking(form)
    const client = await connect(mode, {})

    const result = await client.callTool(call)

    expect(canSample).toEqual([undefined])
    expect(answers).toEqual([])
    expect(result.structuredContent).toMatchObject({ status: 'user_approval_required' })
  })
  it('says what does not fit, and asks again', async () => {
    const { answers } = await startAsking(form)
    const client = await connect(mode, { elicitation: { form: {} } })
    const colours = ['green', 'blue']
    const shown: string[] = []
    client.setRequestHandler('elicitation/create', ({ params }) => {
      shown.push(params.message)
      return { action: 'accept', content: { colour: colours.shift() ?? 'none' } }
    })

    const result = await client.callTool(call)

    expect(answers.map(({ content }) => content)).toEqual([{ colour: 'green' }, { colour: 'blue' }])
    expect(shown).toEqual(['Which colour?', '"colour" is no colour.\n\nWhich colour?'])
    expect(result.structuredContent).toMatchObject({ result: { colour: 'blue' } })
  })

  it('asks three times, and leaves the rest to a person elsewhere', async () => {
    const { answers } = await startAsking(form)
    const client = await connect(mode, { elicitation: { form: {} } })
    client.setRequestHandler('elicitation/create', () => ({
      action: 'accept',
      content: { colour: 'green' },
    }))

    const result = await client.callTool(call)

    expect(answers).toHaveLength(3)
    expect(result.structuredContent).toMatchObject({ status: 'user_approval_required' })
    expect(result.content).toMatchObject([
      { text: expect.stringContaining('Which colour?\n\n"colour" is no colour.') },
    ])
  })
})

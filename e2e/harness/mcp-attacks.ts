import { type Attack, asAgent, GUARDED, type Target, withinSeconds } from './attack.ts'
import { type AgentOptions, callThroughMcp } from './mcp-agent.ts'

const REVISION = '2026-07-28'
const ACCEPT = { action: 'accept', content: {} } as const

/** A client that is eager to say yes, whatever it is asked. */
const eager =
  (name: 'execute' | 'resume', options: AgentOptions): Attack =>
  ({ form, runId }) => {
    const args =
      name === 'execute' ? { code: GUARDED } : { executionId: runId, ...ACCEPT, content: '{}' }
    return withinSeconds(callThroughMcp(form, name, args, { ...options, onElicit: () => ACCEPT }))
  }

/** A reply to a prompt that was never made, in a session that says it can answer. */
const reply =
  (idOf: (target: Target) => string): Attack =>
  async (target) => {
    const { form } = target
    const headers = { accept: 'application/json, text/event-stream' }
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: { elicitation: { form: {}, url: {} }, sampling: {} },
      clientInfo: { name: 'attacker', version: '1' },
    }
    const hello = { jsonrpc: '2.0', id: 1, method: 'initialize', params }
    const opened = await form.api('POST', '/mcp', hello, { ...asAgent(form), headers })
    const session = opened.headers.get('mcp-session-id') ?? ''
    const message = { jsonrpc: '2.0', id: idOf(target), result: ACCEPT }
    const withSession = { ...headers, 'mcp-session-id': session }
    return form.api('POST', '/mcp', message, { ...asAgent(form), headers: withSession })
  }

/** Another round of a call that never asked anything. */
const round =
  (stateOf: (target: Target) => unknown): Attack =>
  (target) => {
    const { form, question } = target
    const params = {
      name: 'execute',
      arguments: { code: GUARDED },
      requestState: stateOf(target),
      inputResponses: { [question.id]: ACCEPT },
      _meta: {
        'io.modelcontextprotocol/protocolVersion': REVISION,
        'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {}, url: {} } },
      },
    }
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
    const headers = {
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': REVISION,
      'mcp-method': 'tools/call',
      'mcp-name': 'execute',
    }
    return form.api('POST', '/mcp', message, { ...asAgent(form), headers })
  }

const stateFor = ({ runId, question }: Target) => ({
  r: runId,
  p: [{ k: 'question', i: question.id, d: question.digest }],
  a: [question.id],
  x: Date.now() + 60_000,
})
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const capabilities = { elicitation: { form: {}, url: {} } }
const both = ['legacy', 'auto'] as const

/** What a client of `/mcp` can send, beside the requests that it should. */
export const mcpAttacks: [name: string, attack: Attack][] = [
  ...both.flatMap((era): [string, Attack][] => [
    [`accepts every link, speaking ${era}`, eager('execute', { era, capabilities })],
    [
      `asks for forms and fills them in, speaking ${era}`,
      eager('execute', {
        era,
        capabilities: { elicitation: { form: {} } },
        query: '?elicitation_mode=native',
      }),
    ],
    [
      `resumes and accepts everything, speaking ${era}`,
      eager('resume', { era, capabilities, query: '?elicitation_mode=native' }),
    ],
  ]),
  ['replies to its own question', reply(({ question }) => question.id)],
  [
    'replies to a prompt that it signed itself',
    reply(({ question }) => {
      const body = encode({ k: 'question', i: question.id, d: question.digest })
      return `${body}.${Buffer.alloc(32, 7).toString('base64url')}`
    }),
  ],
  ['makes up a request state', round((target) => encode(stateFor(target)))],
  [
    'signs a request state itself',
    round((target) => `${encode(stateFor(target))}.${Buffer.alloc(32).toString('base64url')}`),
  ],
  ['sends a request state that is no text', round(stateFor)],
]

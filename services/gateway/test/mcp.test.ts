import { once } from 'node:events'
import { ServiceError } from '@executor/contracts'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server'
import { afterEach, describe, expect, it } from 'vitest'
import { HANDSHAKE_REVISIONS } from '../src/mcp/lean.ts'
import { aDescription } from './fixtures.ts'
import { AGENT, type Harness, OWNER, startGateway } from './harness.ts'
import type { Neighbours } from './neighbours.ts'

let gateway: Harness
const clients: Client[] = []
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await gateway.close()
})

async function connect(
  mode: 'legacy' | 'auto',
  key = AGENT,
  path = '/mcp?mode=passthrough',
): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
  const url = new URL(`${gateway.origin}${path}`)
  const requestInit = { headers: { authorization: `Bearer ${key}` } }
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }))
  clients.push(client)
  return client
}

const item = {
  path: 'petstore.org.main.pet.findByStatus',
  name: 'pet.findByStatus',
  integration: 'petstore',
  score: 1,
  accounts: ['org.main'],
}
const petstore: Neighbours = {
  catalog: {
    searchTools: () => ({ items: [item], total: 1, hasMore: false, nextOffset: null }),
    describeTool: () => ({ json: JSON.stringify(aDescription()) }),
  },
  executor: {
    invoke: () => ({ json: '{"ok":true,"data":[1],"http":{"status":200,"headers":{}}}' }),
  },
}

describe.each(['legacy', 'auto'] as const)('a client that negotiates as %s', (mode) => {
  it('sees two tools, and which of them may destroy something', async () => {
    gateway = await startGateway(petstore)
    const client = await connect(mode)

    const { tools } = await client.listTools()

    expect(client.getServerVersion()).toMatchObject({ name: 'executor', version: '1.2.3' })
    expect(tools.map(({ name, annotations }) => [name, annotations?.destructiveHint])).toEqual([
      ['search', undefined],
      ['invoke', true],
    ])
  })

  it('learns what is connected without reading the connections', async () => {
    const slugs = Array.from({ length: 52 }, (_, at) => `shop${at}`)
    gateway = await startGateway({ connections: { listConnectedIntegrations: () => ({ slugs }) } })
    const client = await connect(mode, AGENT, '/mcp')

    const { tools } = await client.listTools()

    const [execute] = tools
    expect(execute?.description).toMatch(/Connected: shop0, .*, shop49, and 2 more\.$/)
  })

  it('finds a tool with the schema of its arguments, and nothing of its answer', async () => {
    gateway = await startGateway(petstore)
    const client = await connect(mode)

    const result = await client.callTool({ name: 'search', arguments: { query: 'pets' } })

    expect(result.isError).toBe(false)
    expect(result.structuredContent).toEqual({
      items: [
        {
          ...item,
          inputSchema: {
            type: 'object',
            properties: { status: { $ref: '#/$defs/Status' } },
            $defs: { Status: { type: 'string' } },
          },
        },
      ],
      total: 1,
      hasMore: false,
      nextOffset: null,
    })
  })

  it('calls a tool as an agent, whichever key it shows', async () => {
    const asked: unknown[] = []
    gateway = await startGateway({
      executor: {
        invoke: (input, { principal }) => {
          asked.push([input, principal.roles, principal.via])
          return { json: '{"ok":true,"data":[1]}' }
        },
      },
    })
    const client = await connect(mode, OWNER)

    const result = await client.callTool({
      name: 'invoke',
      arguments: { path: item.path, arguments: { status: 'available' } },
    })

    const input = { address: item.path, arguments: { status: 'available' } }
    expect(asked).toEqual([[input, ['agent'], 'mcp']])
    expect(result).toMatchObject({
      content: [{ type: 'text', text: '{"ok":true,"data":[1]}' }],
      structuredContent: { ok: true, data: [1] },
      isError: false,
    })
  })

  it('reads failures as results it can act on', async () => {
    const failures: (() => { json: string })[] = [
      () => ({ json: '{"ok":false,"error":{"code":"tool_blocked","message":"No."}}' }),
      () => {
        throw new ServiceError('unavailable', 'down', 'Later.')
      },
    ]
    gateway = await startGateway({
      executor: { invoke: () => failures.shift()?.() ?? { json: '' } },
    })
    const client = await connect(mode)
    const call = { name: 'invoke', arguments: { path: 'a' } }

    const blocked = await client.callTool(call)
    const down = await client.callTool(call)
    const malformed = await client.callTool({ name: 'invoke', arguments: { arguments: [] } })

    expect(blocked).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'tool_blocked' } },
    })
    expect(down).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'down', message: 'Later.' } },
    })
    expect(malformed).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'invalid_tool_arguments' } },
    })
  })

  it('is told of a tool that does not exist', async () => {
    gateway = await startGateway()
    const client = await connect(mode)

    await expect(client.callTool({ name: 'execute', arguments: {} })).rejects.toThrow(/not found/)
  })

  it('stops a call that it no longer waits for', async () => {
    const { promise: started, resolve: start } = Promise.withResolvers<void>()
    const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
    gateway = await startGateway({
      executor: {
        invoke: async (_input, { signal }) => {
          start()
          await once(signal, 'abort')
          stop()
          return { json: '{}' }
        },
      },
    })
    const client = await connect(mode)
    const controller = new AbortController()

    const call = client.callTool(
      { name: 'invoke', arguments: { path: 'a' } },
      { signal: controller.signal },
    )
    const failed = expect(call).rejects.toThrow()
    await started
    controller.abort()

    await failed
    await stopped
  })
})

const both = 'application/json, text/event-stream'
const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }

describe('the statuses of /mcp', () => {
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    },
  }
  const ask = (given: { method?: string; as?: 'agent' | null; body?: unknown; session?: string }) =>
    gateway.json('/mcp?mode=passthrough', {
      as: 'agent',
      ...given,
      headers: { accept: both, ...(given.session && { 'mcp-session-id': given.session }) },
    })
  async function open(): Promise<string> {
    const response = await gateway.ask('/mcp?mode=passthrough', {
      as: 'agent',
      body: initialize,
      headers: { accept: both },
    })
    return response.headers.get('mcp-session-id') ?? ''
  }

  it('say that nobody is signed in', async () => {
    gateway = await startGateway()

    const { status, body, headers } = await ask({ as: null, body: ping })

    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe('Bearer realm="executor"')
    expect(body).toMatchObject({ jsonrpc: '2.0', error: { code: -32001 }, id: null })
  })

  it('say that a session is over, or another’s', async () => {
    gateway = await startGateway()
    const session = await open()

    const alive = await ask({ body: ping, session })
    const forged = await ask({
      body: ping,
      session: session.replace(/.$/, (c) => (c === 'A' ? 'E' : 'A')),
    })
    const ended = await ask({ method: 'DELETE', session })
    const dead = await ask({ body: ping, session })

    expect(alive).toMatchObject({ status: 200, body: { id: 1, result: {} } })
    expect(forged).toMatchObject({ status: 404, body: { error: { code: -32001 }, id: 1 } })
    expect(ended.status).toBe(204)
    expect(dead).toMatchObject({ status: 404, body: { error: { code: -32001 } } })
  })

  it('say what is not offered', async () => {
    gateway = await startGateway()
    const session = await open()

    const answers = [
      await ask({ method: 'GET' }),
      await ask({ method: 'GET', session }),
      await ask({ method: 'PUT' }),
      await ask({ method: 'DELETE' }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([400, 405, 405, 400])
    expect(answers[0]?.body).toMatchObject({ error: { code: -32000 }, id: null })
    expect(answers[1]?.headers.get('allow')).toBe('POST, GET, DELETE')
  })

  it('say which modes there are', async () => {
    gateway = await startGateway()

    const answer = await gateway.json('/mcp?mode=magic', { body: ping, headers: { accept: both } })

    expect(answer).toMatchObject({
      status: 400,
      body: { error: { message: 'There is no mode "magic". Use one of: code, passthrough.' } },
    })
  })

  it('say that a message is not JSON, or too long', async () => {
    gateway = await startGateway()

    const noise = await ask({ body: '{"jsonrpc"' })
    const huge = await ask({ body: { ...ping, params: { a: 'x'.repeat(9_000_000) } } })

    expect(noise).toMatchObject({ status: 400, body: { error: { code: -32700 }, id: null } })
    expect(huge).toMatchObject({ status: 413, body: { error: { code: -32000 } } })
  })

  it('say that something went wrong on our side, and no more', async () => {
    gateway = await startGateway({
      executor: {
        invoke: () => {
          throw new TypeError('secret internals')
        },
      },
    })

    const { status, body } = await ask({
      body: { ...ping, method: 'tools/call', params: { name: 'invoke', arguments: { path: 'a' } } },
    })

    expect(status).toBe(500)
    expect(body).toMatchObject({ error: { code: -32603 }, id: 1 })
    expect(JSON.stringify(body)).not.toContain('secret internals')
  })

  it('refuse pages that are not ours', async () => {
    gateway = await startGateway()

    const { status } = await gateway.json('/mcp?mode=passthrough', {
      body: ping,
      headers: { accept: both, origin: 'https://evil.example' },
    })

    expect(status).toBe(403)
  })
})

describe('what is answered without the SDK', () => {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  }

  async function send(message: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    const response = await gateway.ask('/mcp?mode=passthrough', {
      as: 'agent',
      body: message,
      headers: { accept: both, ...headers },
    })
    const text = await response.text()
    const [, data] = /^data: (.*)$/m.exec(text) ?? []
    return JSON.parse(data ?? text)
  }

  it('knows the revisions that the SDK knows', () => {
    expect([...HANDSHAKE_REVISIONS]).toEqual(SUPPORTED_PROTOCOL_VERSIONS)
  })

  it.each([
    ['tools/list', {}],
    ['tools/call', { name: 'invoke', arguments: { path: 'a' } }],
    ['tools/call', { name: 'search', arguments: { query: '' } }],
    ['ping', {}],
  ])('is the same as with it, after a handshake: %s %j', async (method, params) => {
    gateway = await startGateway(petstore)
    const message = { jsonrpc: '2.0', id: 7, method, params }

    const lean = await send(message)
    // A batch is never answered by us.
    const whole = await send([message])

    expect([lean].flat()).toEqual([whole].flat())
  })

  it.each([
    ['tools/list', {}, 'tools/list'],
    ['tools/call', { name: 'invoke', arguments: { path: 'a' } }, 'invoke'],
  ])('is the same as with it, with an envelope: %s %j', async (method, params, name) => {
    gateway = await startGateway(petstore)
    const message = { jsonrpc: '2.0', id: 'x', method, params: { ...params, _meta: meta } }
    const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method }
    const encoded = `=?base64?${Buffer.from(name).toString('base64')}?=`

    const lean = await send(message, { ...headers, 'mcp-name': name })
    // An encoded name, or a cursor, is never read by us.
    const whole = await send(
      { ...message, params: { ...message.params, ...(name === method && { cursor: 'x' }) } },
      { ...headers, 'mcp-name': encoded },
    )

    expect(lean).toEqual(whole)
  })

  it('shows no more of a bug with it than without', async () => {
    gateway = await startGateway({
      executor: {
        invoke: () => {
          throw new TypeError('secret internals')
        },
      },
    })

    const answer = await send([
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'invoke', arguments: { path: 'a' } },
      },
    ])

    expect([answer].flat()).toMatchObject([
      { error: { code: -32603, message: 'Something went wrong on our side.' } },
    ])
  })

  it.each([
    ['a version that nobody knows', {}, { 'mcp-protocol-version': '2031-01-01' }, 400],
    ['no acceptable type', {}, { accept: 'application/json' }, 406],
    ['headers that disagree with the message', { _meta: meta }, { 'mcp-method': 'ping' }, 400],
  ])('is refused as the SDK refuses it: %s', async (_what, params, headers, status) => {
    gateway = await startGateway(petstore)

    const response = await gateway.ask('/mcp?mode=passthrough', {
      as: 'agent',
      body: { jsonrpc: '2.0', id: 1, method: 'tools/list', params },
      headers: { accept: both, ...headers },
    })

    expect(response.status).toBe(status)
  })
})

import { Detection, ImportResult, Preset } from '@executor/contracts'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Form, Reply } from '../harness/form.ts'
import { forms } from '../harness/forms.ts'
import { startEverything } from '../harness/mcp-servers.ts'
import { useStage } from '../harness/stage.ts'
import { connect, invoke, succeed } from '../harness/steps.ts'
import type { Upstream } from '../harness/upstream.ts'

/** A person waits for it, whatever the other side does. */
const DETECT_MS_MAX = 35_000

const look = (form: Form, input: string) => form.api('POST', '/api/integrations/detect', { input })

async function detect(form: Form, input: string): Promise<Detection[]> {
  const { status, body, text } = await look(form, input)
  expect(status, text).toBe(200)
  return Detection.array().parse(body)
}

/** Adds what was found with the very request that it came with. */
async function add(form: Form, { add: request }: Detection): Promise<ImportResult> {
  const { method = '', path = '', body } = request ?? {}
  return ImportResult.parse((await succeed(form, method, path, body)).body)
}

const reasonOf = ({ body }: Reply) => (body as { reason?: string }).reason

const SDL =
  'type Query {\n  "All of them."\n  pets(first: Int): [Pet!]\n}\ntype Pet {\n  name: String\n}\n'
const INTROSPECTION = JSON.stringify({
  data: {
    __schema: {
      queryType: { name: 'Query' },
      mutationType: null,
      subscriptionType: null,
      directives: [],
      types: [
        {
          kind: 'OBJECT',
          name: 'Query',
          fields: [
            {
              name: 'hello',
              args: [],
              type: { kind: 'SCALAR', name: 'String', ofType: null },
              isDeprecated: false,
            },
          ],
          interfaces: [],
        },
        { kind: 'SCALAR', name: 'String' },
      ],
    },
  },
})

/** As Google's service answers, for an API that the upstream plays. */
const discovery = (origin: string) => ({
  kind: 'discovery#restDescription',
  discoveryVersion: 'v1',
  name: 'shelf',
  version: 'v1',
  title: 'Shelf API',
  protocol: 'rest',
  rootUrl: `${origin}/`,
  servicePath: '',
  schemas: { Item: { id: 'Item', type: 'object', properties: { id: { type: 'string' } } } },
  resources: {
    items: {
      methods: {
        get: {
          id: 'shelf.items.get',
          httpMethod: 'GET',
          path: '{+name}',
          parameters: { name: { type: 'string', location: 'path', required: true } },
          response: { $ref: 'Item' },
        },
      },
    },
  },
})

describe.each(forms)('detecting on the $name form', ({ open }) => {
  const stage = useStage(open)
  const publish = (upstream: Upstream, path: string, body: string, type = 'application/json') =>
    upstream.publish(path, { type, body })

  it('finds a description at an address, says what it brings, and adds it as said', async () => {
    const { form, upstream } = stage

    const [found] = await detect(form, `${upstream.origin}/openapi.json`)
    expect(found).toMatchObject({ kind: 'openapi', confidence: 'high' })
    const added = await add(form, found as Detection)

    const { operations = 0, tokens } = found?.estimate ?? {}
    expect(added.toolCount).toBe(operations)
    expect(tokens?.direct).toBeGreaterThan(operations * 10)
    expect(tokens?.code).toBeGreaterThan(100)
    expect(tokens?.code).toBeLessThanOrEqual(1_100)
    expect(tokens?.passthrough).toBeLessThanOrEqual(1_100)
  })

  it('answers those who send a url, as they always have', async () => {
    const { form, upstream } = stage
    const url = `${upstream.origin}/openapi.json`

    const { status, body } = await form.api('POST', '/api/integrations/detect', { url })

    expect(status).toBe(200)
    expect(body).toMatchObject([{ kind: 'openapi', endpoint: url, slug: expect.any(String) }])
  })

  it('follows a page of documentation to what it shows', async () => {
    const { form, upstream } = stage
    const page = '<html><redoc spec-url="/openapi.json"></redoc></html>'

    const [found] = await detect(form, publish(upstream, '/docs', page, 'text/html'))

    expect(found).toMatchObject({
      kind: 'openapi',
      confidence: 'medium',
      endpoint: `${upstream.origin}/openapi.json`,
    })
  })

  it('recognizes a Discovery document, and calls what it describes', async () => {
    const { form, upstream } = stage
    publish(upstream, '/shelves/1/items/2', '{"id": "2"}')
    const [found] = await detect(form, JSON.stringify(discovery(upstream.origin)))
    const { slug } = await add(form, found as Detection)
    await connect(form, { integration: slug, name: 'main', template: 'none' })

    const called = await invoke(form, `${slug}.org.main.items.get`, { name: 'shelves/1/items/2' })

    expect(found).toMatchObject({ kind: 'openapi', name: 'Shelf API', slug: 'shelf_api' })
    expect(called.body).toMatchObject({ ok: true, data: { id: '2' } })
    expect(upstream.sentTo('/shelves/1/items/2')).toHaveLength(1)
  })

  it('recognizes a GraphQL endpoint, and a schema that needs one', async () => {
    const { form, upstream } = stage

    const endpoint = publish(upstream, '/graphql', INTROSPECTION)
    const [asked] = await detect(form, endpoint)
    const [pasted] = await detect(form, SDL)

    expect(asked).toMatchObject({
      kind: 'graphql',
      confidence: 'high',
      endpoint,
      estimate: { operations: 1 },
    })
    expect(await add(form, asked as Detection)).toMatchObject({ addedTools: ['query.hello'] })
    expect(pasted).toMatchObject({
      kind: 'graphql',
      missing: ['endpoint'],
      input: { introspectionJson: SDL.trim() },
      estimate: { operations: 1 },
    })
  })

  it('recognizes an MCP server, and says what its tools would cost', async () => {
    const { form } = stage
    const server = await startEverything('streamableHttp')
    onTestFinished(() => server.close())

    const [found] = await detect(form, server.url)

    expect(found).toMatchObject({ kind: 'mcp', confidence: 'high', endpoint: server.url })
    expect(found?.estimate?.operations).toBeGreaterThan(5)
    expect(found?.estimate?.tokens.direct).toBeGreaterThan(500)
    expect(found?.add).toMatchObject({ path: '/api/mcp/servers' })
  })

  it('takes a command line and an MCP client’s settings, and starts nothing', async () => {
    const { form } = stage
    const settings = {
      mcpServers: { mine: { command: 'npx', args: ['-y', 'x'], env: { API_KEY: 'sk-secret' } } },
    }

    const [command] = await detect(form, 'npx -y @modelcontextprotocol/server-everything')
    const reply = await look(form, JSON.stringify(settings))

    expect(command).toMatchObject({
      kind: 'mcp',
      name: 'everything',
      input: { transport: 'stdio', command: 'npx' },
    })
    expect(reply.body).toMatchObject([{ name: 'mine', input: { envVars: ['API_KEY'] } }])
    expect(reply.text).not.toContain('sk-secret')
  })

  it('knows presets by their names, and adds them by their ids', async () => {
    const { form } = stage

    const list = Preset.array().parse(
      (await succeed(form, 'GET', '/api/integrations/presets?query=gmail')).body,
    )
    const page = await form.api('GET', '/api/integrations/presets?limit=10')
    const [found] = await detect(form, 'Gmail')
    const unknown = await form.api('POST', '/api/openapi/specs', { preset: 'no-such-thing' })

    expect(list).toMatchObject([{ id: 'google-gmail', specFormat: 'google-discovery' }])
    expect(page.body).toHaveLength(10)
    expect(page.headers.get('x-next-cursor')).toBe('openapi/exa-websets')
    // Nobody is reached from here: what the preset says by itself is there all the same.
    expect(found).toMatchObject({
      kind: 'openapi',
      preset: 'google-gmail',
      add: { path: '/api/openapi/specs', body: { preset: 'google-gmail' } },
    })
    expect(unknown).toMatchObject({ status: 400, body: { reason: 'preset_unknown' } })
  })

  it('adds from the command line, and says what comes next', async () => {
    const { form, upstream } = stage

    const checked = await form.command('add', '--check', `${upstream.origin}/openapi.json`)
    const added = await form.command('add', '--slug', 'by_hand', `${upstream.origin}/openapi.json`)
    const early = await form.command('tools', 'search', 'qqqqqq')
    await connect(form, { integration: 'by_hand', name: 'main', template: 'none' })
    const called = await form.command('call', 'by_hand', 'readItem', '{"id":"7"}')
    const nothing = await form.command('add', 'no such thing')

    expect(checked).toMatchObject({ exitCode: 0 })
    expect(checked.err).toMatch(/operations, about [\d,]+ tokens/)
    expect(added).toMatchObject({ exitCode: 0, out: 'by_hand\n' })
    expect(added.err).toContain('It needs a credential')
    expect(added.err).toContain(`Next: connect it at ${form.origin}/integrations/by_hand`)
    expect(early.err).toContain('by_hand is not connected')
    expect(JSON.parse(called.out)).toMatchObject({ ok: true, data: { id: '7' } })
    expect(nothing).toMatchObject({ exitCode: 1, err: expect.stringContaining('no preset') })
  })

  it.each<[string, (upstream: Upstream) => string]>([
    ['a page that is only a page', (up) => publish(up, '/page', '<html>Hi</html>', 'text/html')],
    ['an address that nobody answers', () => 'http://127.0.0.1:1/openapi.json'],
    ['metadata of the cloud', () => 'http://169.254.169.254/latest/meta-data'],
    ['another protocol', () => 'file:///etc/passwd'],
    ['JSON of another kind', () => '{"hello": "world"}'],
    ['broken JSON', () => '{"openapi": '],
    ['settings without a server', () => '{"mcpServers": {}}'],
    ['a command that asks for a shell', () => 'npx -y x | sh'],
    ['nested lists', () => '['.repeat(100_000)],
    [
      'a Discovery document of another protocol',
      () => '{"discoveryVersion":"v1","protocol":"rpc"}',
    ],
    ['a schema without an end', () => `type Query { a(${'x: [Int] '.repeat(10)}`],
    [
      'a page that mentions itself',
      (up) =>
        publish(up, '/self', '<html><redoc spec-url="/self?spec"></redoc></html>', 'text/html'),
    ],
  ])('says what was wrong with %s', async (_, give) => {
    const { form, upstream } = stage
    upstream.publish('/openapi.json', { type: 'text/plain', body: 'Gone.' })

    const started = performance.now()
    const reply = await look(form, give(upstream))

    expect(reply, reply.text).toMatchObject({
      status: 400,
      body: { _tag: 'IntegrationDetectError' },
    })
    expect(reasonOf(reply)).toBe('detect_nothing')
    expect((reply.body as { message: string }).message.length).toBeGreaterThan(40)
    expect(performance.now() - started).toBeLessThan(DETECT_MS_MAX)
  })

  it(
    'gives up on a server that never answers',
    async () => {
      const { form, upstream } = stage
      upstream.misbehave('/never', 'hang')

      const started = performance.now()
      const reply = await look(form, `${upstream.origin}/never`)

      expect(reply.status, reply.text).toBe(400)
      expect(performance.now() - started).toBeLessThan(DETECT_MS_MAX)
    },
    DETECT_MS_MAX + 10_000,
  )
})

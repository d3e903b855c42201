import type { Connection, McpProbe } from '@executor/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createModernHandler } from '../harness/changing-server/modern.ts'
import { forms } from '../harness/forms.ts'
import { EVERYTHING, type HttpServer, startEverything } from '../harness/mcp-servers.ts'
import { type FetchServer, serveFetch } from '../harness/serve-fetch.ts'
import { useStage } from '../harness/stage.ts'
import { addRule, connect, invoke, succeed } from '../harness/steps.ts'

const KEY = 'k3y-of-the-guarded-server'

describe.each(forms)('administering MCP servers on the $name form', ({ name: formName, open }) => {
  const stage = useStage(open)
  const servers: { everything?: HttpServer; guarded?: FetchServer } = {}
  const seen: Headers[] = []

  beforeAll(async () => {
    servers.everything = await startEverything('streamableHttp')
    servers.guarded = await serveFetch(guard(seen))
  })
  afterAll(async () => {
    await servers.everything?.close()
    await servers.guarded?.close()
  })
  const guardedUrl = () => `${servers.guarded?.origin}/mcp`
  const probe = async (endpoint: string, headers = {}) =>
    (await succeed(stage.form, 'POST', '/api/mcp/probe', { endpoint, headers })).body as McpProbe
  const core = async (tool: string, input: object) => {
    const { exitCode, out, err } = await stage.form.command(
      ...['call', 'executor', 'mcp', tool, JSON.stringify(input)],
    )
    return { exitCode, err, answer: out === '' ? null : (JSON.parse(out) as unknown) }
  }

  it('says what a server is before anything is saved', async () => {
    const open = await probe(servers.everything?.url ?? '')
    const guarded = await probe(guardedUrl())
    const nothing = await stage.form.api('POST', '/api/mcp/probe', {
      endpoint: `${stage.upstream.origin}/nothing-here`,
    })
    const saved = await succeed(stage.form, 'GET', '/api/integrations')

    expect(open).toMatchObject({
      connected: true,
      requiresAuthentication: false,
      requiresOAuth: false,
      serverName: 'Everything Reference Server',
      toolCount: expect.any(Number),
      instructions: expect.any(String),
    })
    expect(guarded).toMatchObject({
      connected: false,
      requiresAuthentication: true,
      requiresOAuth: true,
      supportsDynamicRegistration: true,
      toolCount: null,
      authMethods: expect.arrayContaining([expect.objectContaining({ kind: 'oauth2' })]),
    })
    expect(nothing).toMatchObject({ status: 409, body: { reason: 'mcp_connection_failed' } })
    expect((saved.body as { slug: string }[]).map(({ slug }) => slug)).toEqual(['executor'])
  })

  it('changes how a server is reached and authenticated with', async () => {
    const { form } = stage
    const remote = { transport: 'remote', endpoint: guardedUrl(), name: 'Guarded', slug: 'guarded' }
    await succeed(form, 'POST', '/api/mcp/servers', remote)
    const template = { slug: 'key', kind: 'header', headerName: 'X-Key' }
    const path = '/api/mcp/servers/guarded'

    const auth = await succeed(form, 'POST', `${path}/auth`, {
      authenticationTemplate: [template],
      mode: 'replace',
    })
    await succeed(form, 'POST', `${path}/config`, { config: { headers: { 'X-Team': 'blue' } } })
    await connect(form, { integration: 'guarded', name: 'main', template: 'key', value: KEY })
    await addRule(form, 'guarded.*', 'approve')
    const called = await invoke(form, 'guarded.org.main.greet', { name: 'Eve' })
    const shown = await succeed(form, 'GET', path)

    expect(auth.body).toMatchObject({
      authenticationTemplate: [{ slug: 'key', placements: [{ name: 'X-Key' }] }],
    })
    expect(called.body).toMatchObject({ ok: true })
    expect(seen.at(-1)?.get('x-key')).toBe(KEY)
    expect(seen.at(-1)?.get('x-team')).toBe('blue')
    expect(shown.body).toMatchObject({
      slug: 'guarded',
      config: { endpoint: guardedUrl(), headers: { 'X-Team': 'blue' } },
      authenticationTemplate: [{ slug: 'key' }],
    })
    expect(shown.text).not.toContain(KEY)

    await succeed(form, 'POST', `${path}/config`, { config: { headers: { 'X-Team': 'red' } } })
    await invoke(form, 'guarded.org.main.greet', { name: 'Eve' })
    expect(seen.at(-1)?.get('x-team')).toBe('red')
    const wrong = await form.api('POST', `${path}/config`, { config: { command: 'sh' } })
    expect(wrong).toMatchObject({ status: 400, body: { reason: 'mcp_input_invalid' } })

    await succeed(form, 'DELETE', path)
    expect((await succeed(form, 'GET', path)).body).toBeNull()
    const left = (await succeed(form, 'GET', '/api/connections')).body as Connection[]
    expect(left.filter(({ integration }) => integration === 'guarded')).toEqual([])
  })

  it('is done from a terminal', async () => {
    const { form } = stage
    const endpoint = servers.everything?.url ?? ''

    const probed = await core('probeEndpoint', { endpoint })
    const added = await core('addSource', { endpoint, namespace: 'everything' })
    const shown = await core('getServer', { slug: 'everything' })
    const called = await form.command('call', 'everything', 'getSum', '{"a": 2, "b": 40}')

    expect(probed).toMatchObject({ exitCode: 0, answer: { ok: true, data: { connected: true } } })
    expect(added).toMatchObject({
      exitCode: 0,
      answer: { data: { slug: 'everything', connection: 'tools.everything.org.default' } },
    })
    expect(shown).toMatchObject({ answer: { data: { kind: 'mcp', config: { endpoint } } } })
    expect(called.exitCode).toBe(0)
    expect(called.out).toContain('The sum of 2 and 40 is 42.')
    const again = await core('addSource', { endpoint, namespace: 'everything' })
    expect(again).toMatchObject({
      exitCode: 1,
      answer: { ok: false, error: { code: 'integration_already_exists' } },
    })
  })

  it.runIf(formName === 'local')('starts a server from a terminal', async () => {
    const { form } = stage

    const added = await core('addServer', {
      transport: 'stdio',
      name: 'Piped',
      slug: 'piped',
      command: process.execPath,
      args: [EVERYTHING],
    })
    const called = await form.command('call', 'piped', 'echo', '{"message": "hello"}')
    const secret = await core('addServer', {
      transport: 'stdio',
      command: 'x',
      env: { TOKEN: 's3cret' },
      envVars: ['TOKEN'],
    })

    expect(added).toMatchObject({ exitCode: 0, answer: { ok: true, data: { slug: 'piped' } } })
    expect(called.out).toContain('Echo: hello')
    expect(secret).toMatchObject({
      exitCode: 1,
      answer: { error: { code: 'invalid_tool_arguments' } },
    })
  })
})

/** A server that lets in whoever shows the key, and tells everybody else where keys come from. */
function guard(seen: Headers[]): (request: Request) => Promise<Response> {
  const handle = createModernHandler()
  return async (request) => {
    const { pathname } = new URL(request.url)
    const origin = `http://${request.headers.get('host')}`
    if (pathname === '/.well-known/oauth-protected-resource')
      return Response.json({ resource: `${origin}/mcp`, authorization_servers: [origin] })
    if (pathname === '/.well-known/oauth-authorization-server')
      return Response.json({
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        registration_endpoint: `${origin}/register`,
      })
    if (request.headers.get('x-key') === KEY) {
      seen.push(request.headers)
      return handle(request)
    }
    const metadata = `${origin}/.well-known/oauth-protected-resource`
    return new Response(null, {
      status: 401,
      headers: { 'www-authenticate': `Bearer resource_metadata="${metadata}"` },
    })
  }
}

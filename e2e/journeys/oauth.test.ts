import type { ToolResult } from '@executor/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { APP, type ProtectedServer, startProtectedServer } from '../harness/protected-server.ts'
import { signInByHand } from '../harness/sign-in.ts'
import { useStage } from '../harness/stage.ts'
import { addRule, execute, invoke, succeed } from '../harness/steps.ts'

const CALLS = 20
const ACCOUNTS = ['things', 'server']

describe.each(forms)('signing in on the $name form', ({ open }) => {
  const stage = useStage(() => open({ EXECUTOR_LOG_LEVEL: 'debug' }))
  let server: ProtectedServer
  let callback: string

  beforeAll(async () => {
    // The cluster's gateway has a name of its own; the local form is called as it was asked.
    callback = await findCallback()
    server = await startProtectedServer([callback])
    const spec = { kind: 'url', url: server.openapi }
    await succeed(stage.form, 'POST', '/api/openapi/specs', { spec, slug: 'things' })
    await succeed(stage.form, 'POST', '/api/mcp/servers', {
      slug: 'server',
      name: 'Server',
      endpoint: server.mcp,
    })
    await addRule(stage.form, '*', 'approve')
  })
  afterAll(() => server?.close())

  async function findCallback(): Promise<string> {
    const { body } = await succeed(stage.form, 'GET', '/api/oauth/client-id-metadata.json')
    return (body as { redirect_uris: string[] }).redirect_uris[0] ?? ''
  }

  async function methodOf(integration: string): Promise<string> {
    const { body } = await succeed(stage.form, 'GET', `/api/integrations/${integration}`)
    const { authMethods } = body as { authMethods: { slug: string; kind: string }[] }
    return authMethods.find(({ kind }) => kind === 'oauth')?.slug ?? ''
  }

  async function signIn(integration: string): Promise<number> {
    const target = { owner: 'org', integration, name: 'ada', template: await methodOf(integration) }
    const { body } = await succeed(stage.form, 'POST', '/api/oauth/start', target)
    const { authorizationUrl } = body as { authorizationUrl: string }
    const back = new URL(await signInByHand(authorizationUrl, callback))
    // The browser is on this machine, whatever the instance is called.
    const { status } = await fetch(stage.form.origin + back.pathname + back.search)
    return status
  }

  const callThings = () => invoke(stage.form, 'things.org.ada.thing.getThing')
  const callServer = async () => {
    const { body } = await succeed(
      stage.form,
      'GET',
      '/api/tools?integration=server&connection=ada',
    )
    const [tool] = body as { address: string }[]
    return invoke(stage.form, tool?.address ?? '')
  }
  const errorOf = ({ body }: { body: unknown }) =>
    (body as ToolResult & { ok: false }).error as {
      code: string
      message: string
      details: { recovery: { signInUrl: string; startOAuthTool: string } }
    }

  it('asks for an app where programs cannot register, and needs none where they can', async () => {
    const template = await methodOf('things')
    const target = { owner: 'org', integration: 'things', name: 'ada', template }
    const without = await stage.form.api('POST', '/api/oauth/start', target)
    await succeed(stage.form, 'POST', '/api/oauth/clients', {
      owner: 'org',
      slug: 'journey',
      grant: 'authorization_code',
      authorizationUrl: `${server.origin}/auth`,
      tokenUrl: `${server.origin}/token`,
      ...APP,
    })

    const statuses = [await signIn('things'), await signIn('server')]

    expect(without).toMatchObject({
      status: 400,
      body: { _tag: 'OAuthStartError', reason: 'oauth_client_required' },
    })
    expect(statuses).toEqual([200, 200])
    expect((await callThings()).body).toMatchObject({ ok: true, data: { thing: 'yours' } })
    expect((await callServer()).body).toMatchObject({ ok: true })
  })

  it('replaces tokens that rotate under many calls at once, and after a restart', async () => {
    const round = async () => {
      await server.endTokens()
      const calls = Array.from({ length: CALLS }, (_, index) =>
        index % 2 === 0 ? callThings() : callServer(),
      )
      return (await Promise.all(calls)).filter(({ body }) => !(body as ToolResult).ok)
    }
    const before = server.shown.size

    const failed = [...(await round()), ...(await round())]
    await stage.form.restart('SIGTERM')
    failed.push(...(await round()))

    expect(failed.map(({ text }) => text)).toEqual([])
    expect(server.shown.size).toBeGreaterThan(before)
    expect(server.refusals).toBe(0)
  })

  it('says where a person signs in again once the other side has ended it, and goes on there', async () => {
    await server.revokeAll()

    const failures = [errorOf(await callThings()), errorOf(await callServer())]
    const again = errorOf(await callThings())
    for (const integration of ACCOUNTS) await signIn(integration)

    expect(failures.map(({ code }) => code)).toEqual([
      'oauth_reauth_required',
      'oauth_reauth_required',
    ])
    expect(again.code).toBe('oauth_reauth_required')
    for (const [index, { message, details }] of failures.entries()) {
      const { signInUrl, startOAuthTool } = details.recovery
      const { pathname, searchParams } = new URL(signInUrl)
      expect(pathname).toBe(`/integrations/${ACCOUNTS[index]}`)
      expect(searchParams.get('label')).toBe('ada')
      expect(message).toContain(signInUrl)
      expect(startOAuthTool).toBe('executor.coreTools.oauth.start')
    }
    expect((await callThings()).body).toMatchObject({ ok: true })
    expect((await callServer()).body).toMatchObject({ ok: true })
  })

  it('lets an agent look, and waits for a person before it begins', async () => {
    const ask = { token: stage.form.agentToken }
    const code = (tool: string, input: object) =>
      `return await tools.executor.coreTools.oauth.${tool}(${JSON.stringify(input)})`
    const target = { owner: 'org', integration: 'server', name: 'b', template: 'oauth2' }

    const listed = await execute(stage.form, code('clients.list', {}), ask)
    const refused = await stage.form.api('POST', '/api/oauth/start', target, ask)
    const started = await execute(stage.form, code('start', target), ask)

    expect(listed.text).toContain('journey')
    expect(listed.text).not.toContain(APP.clientSecret)
    expect(refused.status).toBe(403)
    expect(started.text).toContain('user_approval_required')
  })

  it('shows no token and no secret to anybody, and keeps them unreadable', async () => {
    const kept = (await stage.form.readKept()).toString('latin1')
    const connections = await succeed(stage.form, 'GET', '/api/connections')
    const clients = await succeed(stage.form, 'GET', '/api/oauth/clients')
    const seen = [stage.form.log(), connections.text, clients.text, kept].join('\n')

    const leaked = [APP.clientSecret, ...server.shown].filter((secret) => seen.includes(secret))

    expect(server.shown.size).toBeGreaterThan(2)
    expect(leaked).toEqual([])
  })

  it('ends what was given when the account is removed', async () => {
    const token = [...server.shown].at(-1) ?? ''
    const before = await server.provider.AccessToken.find(token)

    for (const integration of ACCOUNTS)
      await succeed(stage.form, 'DELETE', `/api/connections/org/${integration}/ada`)

    const { body } = await succeed(stage.form, 'GET', '/api/oauth/clients')
    expect(before).toBeDefined()
    expect(await server.provider.AccessToken.find(token)).toBeUndefined()
    expect((body as { slug: string }[]).map(({ slug }) => slug)).toEqual(['journey'])
  })
})

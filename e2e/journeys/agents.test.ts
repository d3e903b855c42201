import { beforeAll, describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, connect, invoke, succeed } from '../harness/steps.ts'

const connection = '/api/connections/org/ledger/main'
const spec = { kind: 'blob', value: '{}' }
/** Every route that changes something which lasts. */
const manageRoutes: [method: string, path: string, body?: unknown][] = [
  ['PATCH', '/api/integrations/ledger', { name: 'mine' }],
  ['DELETE', '/api/integrations/ledger'],
  ['PUT', '/api/integrations/ledger/health-check', { spec: null }],
  [
    'POST',
    '/api/connections',
    { owner: 'org', name: 'x', integration: 'ledger', template: 'none' },
  ],
  ['PATCH', connection, { description: 'x' }],
  ['DELETE', connection],
  ['POST', `${connection}/refresh`],
  ['POST', '/api/connections/validate', { owner: 'org', integration: 'ledger', template: 'none' }],
  ['POST', '/api/policies', { owner: 'org', pattern: '*', action: 'approve' }],
  ['PATCH', '/api/policies/pol_x', { owner: 'org', action: 'approve' }],
  ['DELETE', '/api/policies/pol_x?owner=org'],
  ['POST', '/api/openapi/specs', { spec, slug: 'x' }],
  ['POST', '/api/openapi/integrations/ledger/spec', { spec }],
  ['POST', '/api/openapi/integrations/ledger/config', { authenticationTemplate: [] }],
  ['DELETE', '/api/openapi/integrations/ledger'],
  ['POST', '/api/graphql/integrations', { endpoint: 'https://a.example/graphql', slug: 'x' }],
  ['POST', '/api/graphql/integrations/ledger/refresh', {}],
  ['POST', '/api/graphql/integrations/ledger/config', {}],
  ['GET', '/api/providers/environment/items'],
  ['POST', '/api/session'],
  ['POST', '/api/integrations/ledger/refresh', {}],
  ['POST', '/api/integrations/ledger/review/approve', { revision: 'r' }],
  ['POST', '/api/integrations/ledger/review/reject', { revision: 'r' }],
  [
    'POST',
    '/api/mcp/servers',
    { name: 'A', endpoint: 'https://a.example/mcp', remoteTransport: 'auto' },
  ],
  ['POST', '/api/mcp/servers/ledger/config', { config: { endpoint: 'https://a.example/mcp' } }],
  ['POST', '/api/mcp/servers/ledger/auth', { authenticationTemplate: [] }],
  ['DELETE', '/api/mcp/servers/ledger'],
  [
    'POST',
    '/api/oauth/clients',
    {
      ...{ owner: 'org', slug: 'app', grant: 'client_credentials', clientId: 'c' },
      ...{ tokenUrl: 'https://a.example/token', authorizationUrl: 'https://a.example/authorize' },
    },
  ],
  [
    'POST',
    '/api/oauth/clients/register-dynamic',
    {
      ...{ owner: 'org', slug: 'app', scopes: [], tokenUrl: 'https://a.example/token' },
      registrationEndpoint: 'https://a.example/register',
      authorizationUrl: 'https://a.example/authorize',
    },
  ],
  ['DELETE', '/api/oauth/clients/app', { owner: 'org' }],
  [
    'POST',
    '/api/oauth/start',
    {
      ...{ owner: 'org', client: 'app', clientOwner: 'org' },
      ...{ name: 'x', integration: 'ledger', template: 'none' },
    },
  ],
  ['POST', '/api/oauth/complete', { state: 's', code: 'c' }],
]
/** What is left: calls, runs, and questions that change nothing. */
const callRoutes = [
  'DELETE /api/session',
  'POST /api/connections/{owner}/{integration}/{name}/health',
  'POST /api/executions',
  'POST /api/executions/{executionId}/cancel',
  'POST /api/executions/{executionId}/rerun',
  'POST /api/executions/{executionId}/resume',
  'POST /api/integrations/detect',
  'POST /api/interactions/{interactionId}/answer',
  'POST /api/mcp/probe',
  'POST /api/oauth/cancel',
  'POST /api/oauth/probe',
  'POST /api/openapi/preview',
  'POST /api/tools/invoke',
]

describe.each(forms)('an agent on the $name form', ({ open }) => {
  const stage = useStage(open)
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it.each(manageRoutes)('may not use %s %s', async (method, path, body) => {
    const { form } = stage

    const reply = await form.api(method, path, body, { token: form.agentToken })

    expect(reply).toMatchObject({ status: 403, body: { reason: 'agent_not_allowed' } })
  })

  it('is refused every route that changes something, but those it is for', async () => {
    const document = (await succeed(stage.form, 'GET', '/api/openapi.json')).body as {
      paths: Record<string, Record<string, unknown>>
    }
    const refused = new Set(manageRoutes.map(([method, path]) => `${method} ${path.split('?')[0]}`))
    const isRefused = (route: string) =>
      [...refused].some((known) =>
        new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`).test(known),
      )

    const others = Object.entries(document.paths)
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      )
      .filter((route) => !route.startsWith('GET ') && !isRefused(route))

    expect(others.sort()).toEqual(callRoutes)
  })

  it('calls, reads and sees what it has run, and nothing has changed', async () => {
    const { form } = stage
    const asAgent = { token: form.agentToken }

    const called = await invoke(form, 'ledger.org.main.items.readItem', { id: '1' }, asAgent)
    const listed = await form.api('GET', '/api/tools?integration=ledger', undefined, asAgent)
    const runs = await form.api('GET', '/api/executions', undefined, asAgent)
    const rules = await succeed(form, 'GET', '/api/policies')

    expect(called.body).toMatchObject({ ok: true })
    expect(listed.status).toBe(200)
    expect(runs.body).toMatchObject([{ title: 'ledger.org.main.items.readItem' }])
    expect(rules.body).toEqual([])
    await connect(form, { integration: 'ledger', name: 'main', template: 'none' })
  })

  it('is nobody with a key that is wrong, missing or meant for elsewhere', async () => {
    const { form } = stage
    const ask = (headers: Record<string, string>) =>
      form.api('GET', '/api/tools', undefined, { token: null, headers })

    expect((await ask({})).status).toBe(401)
    expect((await ask({ authorization: `Bearer ${form.agentToken}x` })).status).toBe(401)
    expect((await ask({ authorization: `Basic ${form.ownerToken}` })).status).toBe(401)
    expect((await ask({ 'x-api-key': form.agentToken, host: 'evil.example' })).status).toBe(403)
    expect(
      (await ask({ 'x-api-key': form.agentToken, origin: 'https://evil.example' })).status,
    ).toBe(403)
    expect((await ask({ 'x-api-key': form.agentToken })).status).toBe(200)
  })
})

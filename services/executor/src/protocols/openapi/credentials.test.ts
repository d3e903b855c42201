import type { AuthMethod } from '@executor/contracts'
import { afterAll, describe, expect, it } from 'vitest'
import { aMethod, call, egress } from '../test/fixtures.ts'
import { json, reply, startUpstream } from '../test/upstream.ts'
import { createOpenapi } from './openapi.ts'

const openapi = createOpenapi()
afterAll(() => egress.close())

const BASIC = aMethod({
  placements: [
    { carrier: 'header', name: 'Authorization', basic: { username: 'user', password: 'pass' } },
  ],
})
const BEARER = aMethod({
  placements: [{ carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }],
})

describe('credentials on the wire', () => {
  it.each<[string, AuthMethod, Record<string, string>, string, Record<string, string>]>([
    ['a bearer', BEARER, { token: 'T0ken' }, '/things', { authorization: 'Bearer T0ken' }],
    ['a pasted line', BEARER, { token: ' T0ken\n' }, '/things', { authorization: 'Bearer T0ken' }],
    [
      'a header',
      aMethod({ placements: [{ carrier: 'header', name: 'X-Key', variable: 'k' }] }),
      { k: 'K' },
      '/things',
      { 'x-key': 'K' },
    ],
    [
      'a query parameter',
      aMethod({ placements: [{ carrier: 'query', name: 'api key' }] }),
      { token: 'a&b' },
      '/things?api%20key=a%26b',
      {},
    ],
    [
      'a cookie',
      aMethod({ placements: [{ carrier: 'cookie', name: 'sid' }] }),
      { token: 'a=b' },
      '/things',
      { cookie: 'sid=a=b' },
    ],
    [
      'a cookie that would end',
      aMethod({ placements: [{ carrier: 'cookie', name: 'sid' }] }),
      { token: 'a;b' },
      '/things',
      { cookie: 'sid=a%3Bb' },
    ],
    [
      'basic',
      BASIC,
      { user: 'al\u00e9', pass: 'p:w' },
      '/things',
      { authorization: 'Basic YWzDqTpwOnc=' },
    ],
    [
      'basic without a password',
      BASIC,
      { user: 'sk_live' },
      '/things',
      { authorization: 'Basic c2tfbGl2ZTo=' },
    ],
    [
      'a literal beside a value',
      aMethod({
        placements: [
          { carrier: 'header', name: 'X-Version', literal: '2' },
          { carrier: 'header', name: 'X-Key' },
        ],
      }),
      { token: 'K' },
      '/things',
      { 'x-version': '2', 'x-key': 'K' },
    ],
    [
      'two inputs',
      aMethod({
        placements: [
          { carrier: 'header', name: 'DD-API-KEY', variable: 'a' },
          { carrier: 'header', name: 'DD-APPLICATION-KEY', variable: 'b' },
        ],
      }),
      { a: 'A', b: 'B' },
      '/things',
      { 'dd-api-key': 'A', 'dd-application-key': 'B' },
    ],
    [
      'OAuth',
      aMethod({ kind: 'oauth2' }),
      { token: 'T' },
      '/things',
      { authorization: 'Bearer T' },
    ],
    [
      'OAuth elsewhere',
      aMethod({
        kind: 'oauth2',
        placements: [{ carrier: 'header', name: 'X-Token', prefix: 'OAuth ' }],
      }),
      { token: 'T' },
      '/things',
      { 'x-token': 'OAuth T' },
    ],
  ])('puts %s in its place', async (_name, method, values, path, headers) => {
    await using upstream = await startUpstream()

    await call(openapi, { origin: upstream.origin, authMethods: [method], template: 'key', values })

    expect(upstream.wire.path).toBe(path)
    expect(upstream.wire.headers).toMatchObject(headers)
  })

  it('sends nothing where an input is missing, and names it', async () => {
    await using upstream = await startUpstream()
    const placements = [
      { carrier: 'header' as const, name: 'A', variable: 'first' },
      { carrier: 'header' as const, name: 'B', variable: 'constructor' },
    ]

    const { result } = await call(openapi, {
      origin: upstream.origin,
      authMethods: [aMethod({ placements })],
      template: 'key',
      values: { first: 'x' },
    })

    expect(upstream.wires).toEqual([])
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'connection_value_missing',
        message: expect.stringContaining('"main" of things lacks constructor'),
        details: {
          category: 'authentication',
          integration: 'things',
          credential: { owner: 'org', connection: 'main', template: 'key' },
          missing: ['constructor'],
          recovery: { createConnectionTool: 'executor.coreTools.connections.createHandoff' },
        },
      },
    })
  })

  it('sends nothing where the method is gone or a value breaks the line', async () => {
    await using upstream = await startUpstream()
    const origin = upstream.origin

    const gone = await call(openapi, { origin, template: 'old' })
    const broken = await call(openapi, {
      origin,
      authMethods: [BEARER],
      template: 'key',
      values: { token: 'a\r\nx-injected: 1' },
    })

    expect(gone.result).toMatchObject({ error: { code: 'connection_value_missing' } })
    expect(broken.result).toMatchObject({ error: { code: 'connection_value_missing' } })
    expect(upstream.wires).toEqual([])
  })

  it('sends no credential to an operation that takes none', async () => {
    await using upstream = await startUpstream()

    await call(openapi, {
      origin: upstream.origin,
      binding: { security: [] },
      authMethods: [BEARER],
      template: 'key',
      values: { token: 'T' },
    })

    expect(upstream.wire.headers.authorization).toBeUndefined()
  })

  it('leaves custom headers and query keys behind on the way to another origin', async () => {
    await using other = await startUpstream()
    await using first = await startUpstream((wire) =>
      reply(302, { location: `${other.origin}${wire.path}` }),
    )
    const placements = [
      { carrier: 'header' as const, name: 'X-Key' },
      { carrier: 'query' as const, name: 'api_key' },
      { carrier: 'cookie' as const, name: 'sid' },
    ]

    await call(openapi, {
      origin: first.origin,
      authMethods: [aMethod({ placements })],
      template: 'key',
      values: { token: 'T0p-secret' },
    })

    expect(first.wire.headers).toMatchObject({ 'x-key': 'T0p-secret', cookie: 'sid=T0p-secret' })
    expect(JSON.stringify(other.wire)).not.toContain('T0p-secret')
    expect(other.wire.path).toBe('/things')
  })
})

describe('echoed credentials', () => {
  const SECRET = 's3cr3t/"\u00e9 value'
  const encoded = encodeURIComponent(SECRET)
  const options = {
    authMethods: [aMethod({ placements: [{ carrier: 'query', name: 'k' }] })],
    template: 'key',
    values: { token: SECRET },
  }

  it.each([
    ['as it is', { echo: `key ${SECRET}!` }, { echo: 'key [secret]!' }],
    [
      'as base64',
      { echo: Buffer.from(SECRET).toString('base64') },
      { echo: expect.stringMatching(/^\[secret\]=*$/) },
    ],
    ['in a URL', { url: `http://x/?k=${encoded}` }, { url: 'http://x/?k=[secret]' }],
    ['as a key', { [SECRET]: 1 }, { '[secret]': 1 }],
    ['in a list', [[[SECRET]]], [[['[secret]']]]],
  ])('are masked %s', async (_name, body, data) => {
    await using upstream = await startUpstream(json(body))

    const { answer, result } = await call(openapi, { ...options, origin: upstream.origin })

    expect(result).toMatchObject({ ok: true, data })
    expect(answer.json).not.toContain('s3cr3t')
  })

  it('are masked in headers, errors, text and files', async () => {
    const headers = { 'x-echo': 'T0p-secret', 'content-type': 'text/plain' }
    await using text = await startUpstream(reply(200, headers, 'is T0p-secret'))
    await using error = await startUpstream(json({ message: 'bad key T0p-secret' }, 400))
    await using file = await startUpstream(
      reply(200, { 'content-type': 'application/octet-stream' }, '\u0001T0p-secret\u0002'),
    )
    const key = { ...options, authMethods: [BEARER], values: { token: 'T0p-secret' } }

    const answers = [
      await call(openapi, { ...key, origin: text.origin }),
      await call(openapi, { ...key, origin: error.origin }),
      await call(openapi, { ...key, origin: file.origin }),
    ]

    const all = answers.map(({ answer }) => answer.json).join('\n')
    expect(all).not.toContain('T0p-secret')
    expect(all).not.toContain(Buffer.from('T0p-secret').toString('base64').slice(0, 12))
    expect(answers[0]?.result).toMatchObject({
      data: 'is [secret]',
      http: { headers: { 'x-echo': '[secret]' } },
    })
    expect(answers[2]?.result).toMatchObject({
      data: { data: Buffer.from('\u0001[secret]\u0002').toString('base64') },
    })
  })

  it('of digits do not break numbers they are part of', async () => {
    await using upstream = await startUpstream(json({ id: 91234567, echo: 123456, text: '123456' }))

    const { result } = await call(openapi, {
      origin: upstream.origin,
      authMethods: [BEARER],
      template: 'key',
      values: { token: '123456' },
    })

    expect(result).toMatchObject({ data: { id: 91234567, echo: '[secret]', text: '[secret]' } })
  })

  it('leave user names and short values alone', async () => {
    await using upstream = await startUpstream(json({ login: 'octocat', short: 'abc' }))

    const { result } = await call(openapi, {
      origin: upstream.origin,
      authMethods: [BASIC],
      template: 'key',
      values: { user: 'octocat', pass: 'abc' },
    })

    expect(result).toMatchObject({ data: { login: 'octocat', short: 'abc' } })
  })
})

import { AuthMethod } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aDescription, readText } from './fixtures.ts'
import type { JsonObject } from './json.ts'

const KEY = { type: 'apiKey', in: 'header', name: 'X-Key' }
const BEARER = { type: 'http', scheme: 'bearer' }

async function read(securitySchemes: JsonObject, parts: JsonObject = {}, known: AuthMethod[] = []) {
  const source = aDescription({ components: { securitySchemes }, ...parts })
  const { summary, operations } = await readText(source, { knownMethods: known })
  for (const method of summary.authMethods) AuthMethod.parse(method)
  const accepted = Object.fromEntries(
    operations.map(({ name, detail }) => [name, JSON.parse(detail).binding.security]),
  )
  return { methods: summary.authMethods, accepted }
}

describe('readSecurity', () => {
  it.each<[string, JsonObject, unknown]>([
    ['a key in a header', KEY, { carrier: 'header', name: 'X-Key' }],
    ['a key in the query', { ...KEY, in: 'query' }, { carrier: 'query', name: 'X-Key' }],
    ['a key in a cookie', { ...KEY, in: 'cookie' }, { carrier: 'cookie', name: 'X-Key' }],
    ['a bearer token', BEARER, { carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }],
    [
      'user and password',
      { type: 'http', scheme: 'Basic' },
      {
        carrier: 'header',
        name: 'Authorization',
        basic: { username: 'username', password: 'password' },
      },
    ],
    [
      'a bearer token described as a header',
      { type: 'apiKey', in: 'header', name: 'authorization', description: 'Bearer token' },
      { carrier: 'header', name: 'Authorization', prefix: 'Bearer ' },
    ],
    [
      'the answer to a challenge',
      { type: 'http', scheme: 'digest' },
      {
        carrier: 'header',
        name: 'Authorization',
        basic: { username: 'username', password: 'password', digest: true },
      },
    ],
    [
      'another HTTP scheme',
      { type: 'http', scheme: 'hoba' },
      { carrier: 'header', name: 'Authorization' },
    ],
  ])('places %s', async (_, scheme, placement) => {
    const { methods, accepted } = await read({ only: scheme }, { security: [{ only: [] }] })

    expect(methods).toMatchObject([{ slug: 'apikey-0', kind: 'apikey', placements: [placement] }])
    expect(accepted).toEqual({ 'pets.listPets': ['apikey-0'] })
  })

  it('makes one method with several inputs of keys that go together', async () => {
    const schemes = { email: { ...KEY, name: 'X-Auth-Email' }, key: { ...KEY, name: 'X-Auth-Key' } }

    const { methods } = await read(schemes, { security: [{ key: [], email: [] }] })

    expect(methods).toMatchObject([
      {
        slug: 'apikey-0',
        placements: [
          { carrier: 'header', name: 'X-Auth-Email', variable: 'email' },
          { carrier: 'header', name: 'X-Auth-Key', variable: 'key' },
        ],
      },
    ])
  })

  it('makes a method of each alternative, in the order of the document', async () => {
    const { methods } = await read({ a: KEY, b: BEARER }, { security: [{ b: [] }, { a: [] }] })

    expect(methods.map(({ slug, label }) => `${slug} ${label}`)).toEqual([
      'apikey-0 Bearer token',
      'apikey-1 API key (X-Key)',
    ])
  })

  it('tells per operation which methods will do', async () => {
    const { accepted } = await read(
      { a: KEY, b: BEARER },
      {
        security: [{ a: [] }],
        paths: {
          '/own': { get: { operationId: 'own', security: [{ b: [] }] } },
          '/both': { get: { operationId: 'both', security: [{ a: [], b: [] }] } },
          '/open': { get: { operationId: 'open', security: [] } },
          '/either': { get: { operationId: 'either', security: [{}, { a: [] }] } },
          '/common': { get: { operationId: 'common' } },
          '/unknown': { get: { operationId: 'unknown', security: [{ gone: [] }] } },
        },
      },
    )

    expect(accepted).toEqual({
      'own.getOperation': ['apikey-1', 'apikey-2'],
      'both.getOperation': ['apikey-2'],
      'open.getOperation': [],
      'either.getOperation': ['apikey-0', 'apikey-1', 'apikey-2', 'none'],
      'common.getOperation': ['apikey-0', 'apikey-2'],
      'unknown.getOperation': undefined,
    })
  })

  it('needs no credential where none is described', async () => {
    const { methods, accepted } = await read({})

    expect(methods).toMatchObject([{ slug: 'none', kind: 'none' }])
    expect(accepted).toEqual({ 'pets.listPets': undefined })
  })

  it('offers schemes that no requirement names', async () => {
    const { methods, accepted } = await read({ a: KEY }, { security: [] })

    expect(methods.map(({ slug }) => slug)).toEqual(['apikey-0'])
    expect(accepted).toEqual({ 'pets.listPets': undefined })
  })

  it('offers a method for an Authorization header that no scheme explains', async () => {
    const parameters = [{ name: 'Authorization', in: 'header' }]
    const paths = { '/a': { get: { operationId: 'a', tags: ['t'], parameters } } }

    const { methods } = await read({}, { paths })

    expect(methods).toMatchObject([
      { slug: 'apikey-0', placements: [{ carrier: 'header', name: 'Authorization' }] },
    ])
  })

  it('describes OAuth flows that can be run', async () => {
    const code = {
      authorizationUrl: 'https://a.example/authorize',
      tokenUrl: 'https://a.example/token',
      scopes: { read: 'Read things', write: '' },
    }
    const oauth = {
      type: 'oauth2',
      flows: {
        authorizationCode: code,
        clientCredentials: { tokenUrl: 'https://a.example/t', scopes: {} },
      },
    }

    const { methods, accepted } = await read({ main: oauth }, { security: [{ main: ['read'] }] })

    expect(methods).toMatchObject([
      {
        slug: 'oauth-main',
        kind: 'oauth2',
        oauth: {
          grant: 'authorization_code',
          authorizationUrl: 'https://a.example/authorize',
          tokenUrl: 'https://a.example/token',
          scopes: ['read', 'write'],
          scopeDescriptions: { read: 'Read things' },
        },
      },
      { slug: 'oauth-main-client-credentials', oauth: { grant: 'client_credentials' } },
    ])
    expect(accepted).toEqual({ 'pets.listPets': ['oauth-main', 'oauth-main-client-credentials'] })
  })

  it('takes the flow that can be run where a document names both as one requirement', async () => {
    const flow = {
      authorizationUrl: 'https://a.example/authorize',
      tokenUrl: 'https://a.example/token',
    }
    const schemes = {
      Oauth2: { type: 'oauth2', flows: { implicit: flow } },
      Oauth2c: { type: 'oauth2', flows: { authorizationCode: flow } },
    }

    const { methods } = await read(schemes, { security: [{ Oauth2: [], Oauth2c: [] }] })

    expect(methods.map(({ slug }) => slug)).toEqual(['oauth-Oauth2c'])
  })

  it('lets a token be pasted where no flow can be run', async () => {
    const oauth = {
      type: 'oauth2',
      flows: { implicit: { authorizationUrl: 'https://a.example/x' } },
    }

    const { methods } = await read({ main: oauth }, { security: [{ main: [] }] })

    expect(methods).toMatchObject([
      {
        slug: 'apikey-0',
        kind: 'apikey',
        placements: [{ name: 'Authorization', prefix: 'Bearer ' }],
        description: expect.stringContaining('https://a.example/x'),
      },
    ])
  })

  it('describes OpenID Connect by where it describes itself', async () => {
    const scheme = {
      type: 'openIdConnect',
      openIdConnectUrl: 'https://a.example/.well-known/openid-configuration',
    }

    const { methods } = await read({ oidc: scheme }, { security: [{ oidc: [] }] })

    expect(methods).toMatchObject([
      { slug: 'oauth-oidc', kind: 'oauth2', oauth: { discoveryUrl: scheme.openIdConnectUrl } },
    ])
  })

  it('notes a client certificate', async () => {
    const schemes = { tls: { type: 'mutualTLS' }, key: KEY }

    const { methods } = await read(schemes, { security: [{ tls: [], key: [] }] })

    expect(methods).toMatchObject([
      { slug: 'apikey-0', description: expect.stringContaining('client certificate') },
    ])
  })

  it('keeps the slug of a method that is still there, whatever comes before it', async () => {
    const before = await read({ b: BEARER }, { security: [{ b: [] }] })

    const after = await read(
      { a: KEY, b: BEARER },
      { security: [{ a: [] }, { b: [] }] },
      before.methods,
    )

    expect(after.methods.map(({ slug, label }) => `${slug} ${label}`)).toEqual([
      'apikey-1 API key (X-Key)',
      'apikey-0 Bearer token',
    ])
  })

  it('survives schemes named like the prototype', async () => {
    const schemes = JSON.parse(
      '{"__proto__": {"type": "http", "scheme": "bearer"}, "constructor": {}}',
    )

    const { methods } = await read(schemes, {
      security: [JSON.parse('{"__proto__": []}'), { constructor: [] }],
    })

    expect(methods.map(({ slug }) => slug)).toEqual(['apikey-0'])
  })
})

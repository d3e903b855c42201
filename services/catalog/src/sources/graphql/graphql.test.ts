import { gzipSync } from 'node:zlib'
import { ServiceError, servicePrincipal } from '@executor/contracts'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { DiscoverSource, ImportedSnapshot } from '../source.ts'
import { createGraphqlKind } from './graphql.ts'
import { introspect } from './reader/fixtures.ts'

const SDL =
  '"Pets." schema { query: Query } type Query { pet: Pet pets: [Pet] } type Pet { id: ID }'
const OTHER = 'type Query { cat: Pet } type Pet { id: ID } type Subscription { meow: Int }'
const ENDPOINT = 'https://api.petstore.example/graphql'

const context = { principal: servicePrincipal('t'), signal: new AbortController().signal }
const account = {
  integration: { slug: 'pets', revision: 'r1' },
  owner: 'org',
  name: 'main',
} as const

/** What the executor answers to the next questions; the last answer is given again. */
let answers: (string | ServiceError)[] = []
let asked: Parameters<DiscoverSource>[0][] = []
const kind = createGraphqlKind({
  async discover(input) {
    asked.push(input)
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    if (answer === undefined || answer instanceof ServiceError) throw answer ?? refusal()
    return { schema: gzipSync(JSON.stringify({ data: introspect(answer) })).toString('base64') }
  },
})
afterEach(() => {
  answers = []
  asked = []
})
afterAll(() => kind.close())

function refusal(reason = 'graphql_credential_needed', code = 'failed_precondition' as const) {
  return new ServiceError(code, reason, 'It tells its schema only to accounts it knows.')
}

const namesOf = ({ tools }: ImportedSnapshot) => tools.map(({ name }) => name)

async function add(input: object) {
  const source = await kind.add({ endpoint: ENDPOINT, ...input }, context)
  source.close()
  return source
}

async function refresh(stored: object, input: unknown = {}, rest: object = {}) {
  const config = { endpoint: ENDPOINT, schema: 'public', ...stored }
  const source = await kind.refresh({ config, authMethods: [] }, input, { ...context, ...rest })
  source.close()
  return source
}

describe('add', () => {
  it('asks the endpoint for its schema, as a stranger', async () => {
    answers = [SDL]

    const source = await add({ headers: { 'X-Client': 'us' }, queryParams: { v: '1' } })

    expect(source).toMatchObject({
      title: 'Petstore',
      name: 'Petstore',
      description: 'Pets.',
      suggestedSlug: 'petstore',
      displayUrl: ENDPOINT,
      canRefresh: true,
      warnings: [],
      config: {
        endpoint: ENDPOINT,
        headers: { 'X-Client': 'us' },
        queryParams: { v: '1' },
        schema: 'public',
      },
    })
    expect(namesOf(source.snapshot)).toEqual(['query.pet', 'query.pets'])
    expect(asked).toEqual([
      {
        kind: 'graphql',
        authMethods: source.authMethods,
        config: { ...(source.config as object), schema: 'unknown' },
      },
    ])
  })

  it('adds an endpoint that tells nothing to strangers, and says what to do', async () => {
    answers = [refusal()]

    const source = await kind.add({ endpoint: ENDPOINT, slug: 'pets', name: 'Pets' }, context)

    expect(source).toMatchObject({
      slug: 'pets',
      name: 'Pets',
      config: { schema: 'unknown' },
      canRefresh: true,
      warnings: ['It tells its schema only to accounts it knows.'],
    })
    expect(source.snapshot.tools).toEqual([])
    expect((await source.snapshot.index()).byteLength).toBeGreaterThan(0)
    for await (const batch of source.snapshot.operations) expect(batch).toEqual([])
    source.close()
  })

  it.each(['graphql_introspection_failed', 'egress_unreachable', 'egress_timeout'])(
    'adds an endpoint that cannot be asked now (%s)',
    async (reason) => {
      answers = [refusal(reason)]

      expect((await add({})).snapshot.tools).toEqual([])
    },
  )

  it.each(['egress_blocked', 'egress_cancelled', 'import_cancelled', 'no_responders'])(
    'does not hide that it may not or cannot ask (%s)',
    async (reason) => {
      answers = [refusal(reason)]

      await expect(add({})).rejects.toMatchObject({ reason })
    },
  )

  it.each([
    ['SDL', SDL],
    ['an introspection result', JSON.stringify(introspect(SDL))],
  ])('takes %s without asking anybody', async (_name, introspectionJson) => {
    const source = await add({ introspectionJson, description: 'Mine.' })

    expect(source).toMatchObject({
      config: { schema: 'pasted' },
      description: 'Mine.',
    })
    expect(namesOf(source.snapshot)).toEqual(['query.pet', 'query.pets'])
    expect(asked).toEqual([])
  })

  it('refuses a pasted schema that cannot be read', async () => {
    await expect(add({ introspectionJson: '{}' })).rejects.toMatchObject({
      code: 'invalid_argument',
      reason: 'graphql_introspection_failed',
    })
  })

  it.each([
    ['ftp://x.example/graphql', 'graphql_endpoint_invalid'],
    ['https://user:pass@x.example/graphql', 'graphql_endpoint_invalid'],
    ['x.example/graphql', 'graphql_endpoint_invalid'],
    ['', 'graphql_input_invalid'],
  ])('refuses the endpoint "%s"', async (endpoint, reason) => {
    await expect(add({ endpoint })).rejects.toMatchObject({ code: 'invalid_argument', reason })
  })

  it.each([
    ['https://api.github.com/graphql', 'Github'],
    ['https://graphql.anilist.co/', 'Anilist'],
    ['https://countries.trevorblades.com/', 'Trevorblades'],
    ['https://shop.example.co.uk/api', 'Example'],
    ['http://127.0.0.1:4000/graphql', 'GraphQL'],
    ['http://localhost:4000/graphql', 'GraphQL'],
    ['http://[::1]/graphql', 'GraphQL'],
  ])('calls %s %s', async (endpoint, title) => {
    answers = [SDL]

    expect((await add({ endpoint })).title).toBe(title)
  })

  it('offers a bearer where nobody says how the endpoint is entered', async () => {
    answers = [SDL]

    expect((await add({})).authMethods).toMatchObject([
      { slug: 'bearer', kind: 'apikey', origin: 'detected' },
    ])
  })

  it('writes out the methods it is given, each under a slug of its own', async () => {
    answers = [SDL]

    const { authMethods } = await add({
      authenticationTemplate: [
        { kind: 'none' },
        { kind: 'apikey', placements: [{ carrier: 'header', name: 'X-Key' }] },
        { kind: 'apikey', placements: [{ carrier: 'header', name: 'X-Other' }] },
        { kind: 'apikey', slug: 'query', placements: [{ carrier: 'header', name: 'X-Third' }] },
        { type: 'apiKey', queryParams: { key: [{ type: 'variable', name: 'key' }] } },
        { kind: 'oauth2' },
        { kind: 'oauth2', slug: 'app', header: 'X-Token', prefix: '' },
      ],
    })

    expect(authMethods.map(({ slug, placements }) => [slug, placements])).toEqual([
      ['none', []],
      ['header', [{ carrier: 'header', name: 'X-Key' }]],
      ['header_2', [{ carrier: 'header', name: 'X-Other' }]],
      ['query', [{ carrier: 'header', name: 'X-Third' }]],
      ['query_2', [{ carrier: 'query', name: 'key', variable: 'key' }]],
      ['oauth2', [{ carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }]],
      ['app', [{ carrier: 'header', name: 'X-Token', prefix: '' }]],
    ])
  })
})

describe('refresh', () => {
  it('asks for a public schema again without an account', async () => {
    answers = [OTHER]

    const source = await refresh({}, undefined, { account })

    expect(namesOf(source.snapshot)).toEqual(['query.cat'])
    expect(source.warnings).toEqual([
      'Subscriptions are not supported, so these cannot be called: meow.',
    ])
    expect(asked[0]).not.toHaveProperty('account')
  })

  it('asks with an account for what is told to accounts alone', async () => {
    answers = [SDL]

    const source = await refresh({ schema: 'unknown' }, {}, { account })

    expect(source.config).toMatchObject({ schema: 'unknown' })
    expect(asked).toMatchObject([
      { stored: { slug: 'pets', revision: 'r1' }, account: { owner: 'org', name: 'main' } },
    ])
  })

  it('asks with an account once an endpoint has closed itself', async () => {
    answers = [refusal(), SDL]

    const source = await refresh({}, {}, { account })

    expect(source.config).toMatchObject({ schema: 'unknown' })
    expect(asked).toHaveLength(2)
  })

  it('learns that an endpoint has opened itself', async () => {
    answers = [SDL]

    expect((await refresh({ schema: 'unknown' })).config).toMatchObject({ schema: 'public' })
  })

  it('leaves everything as it was when nobody tells', async () => {
    answers = [refusal()]

    await expect(refresh({})).rejects.toMatchObject({ reason: 'graphql_credential_needed' })
  })

  it('takes another schema that is pasted', async () => {
    const source = await refresh({}, { introspectionJson: OTHER })

    expect(source.config).toMatchObject({ schema: 'pasted' })
    expect(namesOf(source.snapshot)).toEqual(['query.cat'])
    expect(asked).toEqual([])
  })
})

describe('configure', () => {
  const stored = {
    config: { endpoint: ENDPOINT, headers: { a: 'b' }, queryParams: {}, schema: 'public' },
    authMethods: [{ slug: 'bearer', kind: 'apikey', placements: [], origin: 'detected' }],
  } as Parameters<typeof kind.configure>[0]
  const key = { kind: 'apikey', placements: [{ carrier: 'query', name: 'key' }] }

  it('adds methods to those that are there', () => {
    const { authMethods, config } = kind.configure(stored, {
      authenticationTemplate: [{ ...key, slug: 'bearer' }, key],
    })

    expect(config).toEqual({ ...(stored.config as object), subscriptions: [] })
    expect(authMethods.map(({ slug }) => slug)).toEqual([
      'bearer',
      expect.stringMatching(/^custom_/),
    ])
    expect(authMethods[0]?.placements).toHaveLength(1)
  })

  it('replaces them where it is told to', () => {
    const { authMethods } = kind.configure(stored, {
      mode: 'replace',
      authenticationTemplate: [key],
    })

    expect(authMethods.map(({ slug }) => slug)).toEqual(['query'])
  })

  it('changes the endpoint and what is sent to it', () => {
    const changed = kind.configure(stored, {
      endpoint: 'https://other.example/graphql#top',
      headers: { c: 'd' },
    })

    expect(changed).toMatchObject({
      config: { endpoint: 'https://other.example/graphql', headers: { c: 'd' }, schema: 'public' },
      displayUrl: 'https://other.example/graphql',
      authMethods: stored.authMethods,
    })
  })

  it('refuses an endpoint that is none', () => {
    expect(() => kind.configure(stored, { endpoint: 'nowhere' })).toThrow('is no endpoint')
  })
})

describe('preview', () => {
  it('says what would be added', async () => {
    const preview = await kind.preview({ endpoint: ENDPOINT, introspectionJson: OTHER }, context)

    expect(preview).toEqual({
      queryCount: 1,
      mutationCount: 0,
      subscriptions: ['meow'],
      warnings: ['Subscriptions are not supported, so these cannot be called: meow.'],
    })
  })

  it('fails where adding would wait', async () => {
    answers = [refusal()]

    await expect(kind.preview({ endpoint: ENDPOINT }, context)).rejects.toThrow('only to accounts')
  })
})

const looking = {
  ...context,
  fetch: () => Promise.reject(new TypeError('an endpoint is asked, and nothing is downloaded')),
}

describe('detect', () => {
  it.each<[string, string, string | ServiceError, string | null]>([
    ['a schema', 'https://x.example/api', SDL, 'high'],
    [
      'a refusal in GraphQL',
      'https://x.example/api',
      refusal('graphql_introspection_failed'),
      'high',
    ],
    ['a closed door at /graphql', 'https://x.example/graphql', refusal(), 'medium'],
    ['a closed door', 'https://x.example/api', refusal(), null],
    [
      'an outage at /graphql',
      'https://x.example/graphql',
      new ServiceError('unavailable', 'egress_unreachable', 'Away.'),
      'low',
    ],
    [
      'a page at /graphql',
      'https://x.example/graphql',
      new ServiceError('invalid_argument', 'graphql_introspection_failed', 'A page.'),
      null,
    ],
    ['no address', 'not a url', SDL, null],
    ['another protocol', 'ftp://x.example/graphql', SDL, null],
  ])('takes %s at %s for what it is', async (_name, url, answer, confidence) => {
    answers = [answer]

    const found = await kind.detect(url, looking)

    expect(found?.confidence ?? null).toBe(confidence)
  })

  it('names what it found', async () => {
    answers = [SDL]

    expect(await kind.detect(` ${ENDPOINT} `, looking)).toMatchObject({
      kind: 'graphql',
      confidence: 'high',
      endpoint: ENDPOINT,
      name: 'Petstore',
      slug: 'petstore',
      input: { endpoint: ENDPOINT },
      estimate: { operations: expect.any(Number), tokens: { direct: expect.any(Number) } },
    })
  })
})

describe('accountTools', () => {
  const tools = kind.accountTools
  const stored = (schema: string) => ({ config: { endpoint: ENDPOINT, schema }, authMethods: [] })

  it('are needed where the endpoint tells accounts alone', () => {
    const needed = ['unknown', 'public', 'pasted'].map((schema) =>
      tools?.isNeeded?.(stored(schema)),
    )

    expect(needed).toEqual([true, false, false])
  })

  it('are found out with the account', async () => {
    answers = [OTHER]

    const found = await tools?.discover(stored('unknown'), account, context)

    expect(found && namesOf(found.snapshot)).toEqual(['query.cat'])
    expect(found?.warnings).toHaveLength(1)
    expect(asked).toMatchObject([{ account: { owner: 'org', name: 'main' } }])
    found?.close()
  })
})

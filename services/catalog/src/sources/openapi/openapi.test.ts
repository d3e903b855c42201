import { zstdDecompressSync } from 'node:zlib'
import { ServiceError, servicePrincipal } from '@executor/contracts'
import { afterAll, describe, expect, it } from 'vitest'
import type { FetchDocument, ImportedSource, StoredSource } from '../source.ts'
import { createOpenapiKind } from './openapi.ts'
import { aDescription } from './reader/fixtures.ts'

const URL_ = 'https://pets.example.com/openapi.json'
const documents = new Map<string, string | Uint8Array | ServiceError>()
const asked: string[] = []

const fetchDocument: FetchDocument = async (url) => {
  asked.push(url)
  const document = documents.get(url)
  if (document instanceof ServiceError) throw document
  if (document === undefined)
    return { text: 'Not found', url, contentType: 'text/plain', status: 404 }
  return { text: document, url, contentType: 'application/json', status: 200 }
}

const openapi = createOpenapiKind({ fetchDocument })
afterAll(() => openapi.close())

const principal = servicePrincipal('acme')
const context = () => ({ principal, signal: new AbortController().signal })
const looking = () => ({ ...context(), fetch: fetchDocument })
const pasted = (value: string) => ({ spec: { kind: 'blob', value } })
const quoted = (text: string) => new TextEncoder().encode(JSON.stringify(text))

async function rowsOf({ snapshot }: ImportedSource) {
  const operations = await Array.fromAsync(snapshot.operations)
  const definitions = await Array.fromAsync(snapshot.definitions)
  return { operations: operations.flat(), definitions: definitions.flat() }
}

/** As the catalog stores it. */
function stored({ config, authMethods }: ImportedSource): StoredSource {
  return { config: structuredClone(config), authMethods }
}

describe('add', () => {
  it('reads what a pasted document refers to from where it belongs, also when it is pasted anew', async () => {
    const url = 'https://split.example.com/v1/openapi.json'
    documents.set('https://split.example.com/v1/pets.json', '{"get": {"operationId": "listPets"}}')
    const paths = { '/pets': { $ref: './pets.json' } }
    const value = aDescription({ servers: [{ url: '/api' }], paths })

    const source = await openapi.add({ spec: { kind: 'blob', value, url } }, context())
    source.close()
    const again = await openapi.refresh(stored(source), pasted(value), context())
    again.close()

    expect(source).toMatchObject({
      canRefresh: false,
      warnings: [],
      config: { documentUrl: url, servers: [{ url: 'https://split.example.com/api' }] },
    })
    expect(again.snapshot.hash).toBe(source.snapshot.hash)
    expect(again.config).toEqual(source.config)
    expect(asked).not.toContain(url)
  })

  it('reads a pasted document, and hands out its rows and its search index', async () => {
    const source = await openapi.add(pasted(aDescription()), context())

    const { operations, definitions } = await rowsOf(source)
    const index = await source.snapshot.index()
    source.close()

    expect(source).toMatchObject({
      name: 'Pets',
      title: 'Pets',
      suggestedSlug: 'pets',
      canRefresh: false,
      config: { servers: [{ url: 'https://pets.example.com' }], title: 'Pets', version: '1.0.0' },
      warnings: [],
    })
    expect(source.slug).toBeUndefined()
    expect(source.snapshot.tools).toEqual([{ name: 'pets.listPets', hash: expect.any(String) }])
    expect(operations).toEqual([
      {
        name: 'pets.listPets',
        listing: expect.stringContaining('"kind":"openapi"'),
        detail: expect.stringContaining('"inputSchema"'),
        refs: { input: [], output: [] },
      },
    ])
    expect(definitions).toEqual([])
    expect(index.byteLength).toBeGreaterThan(0)
  })

  it('downloads a document, and remembers where from', async () => {
    documents.set(URL_, new TextEncoder().encode(aDescription({ servers: [{ url: '/v1' }] })))

    const source = await openapi.add({ spec: { kind: 'url', url: URL_ } }, context())
    source.close()

    expect(source).toMatchObject({
      canRefresh: true,
      displayUrl: URL_,
      config: { specUrl: URL_, servers: [{ url: 'https://pets.example.com/v1' }] },
    })
  })

  it('takes a plain string for an address or for the document itself', async () => {
    documents.set(URL_, aDescription())

    const fetched = await openapi.add({ spec: ` ${URL_}\n` }, context())
    const given = await openapi.add({ spec: aDescription() }, context())
    fetched.close()
    given.close()

    expect([fetched.canRefresh, given.canRefresh]).toEqual([true, false])
  })

  it('keeps what its author chose', async () => {
    const source = await openapi.add(
      {
        ...pasted(aDescription()),
        slug: 'my_pets',
        name: 'My pets',
        description: 'Mine.',
        baseUrl: 'https://other.example.com/',
        headers: { 'X-Team': 'a' },
        authenticationTemplate: [
          {
            type: 'apiKey',
            slug: 'key',
            headers: { 'X-Key': [{ type: 'variable', name: 'token' }] },
          },
        ],
      },
      context(),
    )
    source.close()

    expect(source).toMatchObject({
      slug: 'my_pets',
      name: 'My pets',
      description: 'Mine.',
      displayUrl: 'https://other.example.com',
      config: { baseUrl: 'https://other.example.com', headers: { 'X-Team': 'a' } },
      authMethods: [
        {
          slug: 'key',
          kind: 'apikey',
          origin: 'custom',
          placements: [{ carrier: 'header', name: 'X-Key' }],
        },
      ],
    })
  })

  it.each([
    [{ ...pasted('x'), slug: 'no dots.' }, 'openapi_input_invalid'],
    [{ ...pasted('x'), baseUrl: 'ftp://x' }, 'base_url_invalid'],
    [{ ...pasted('x'), baseUrl: 'https://user:pass@x' }, 'base_url_invalid'],
    [{}, 'openapi_input_invalid'],
    [null, 'openapi_input_invalid'],
    [{ spec: { kind: 'url', url: 'file:///etc/passwd' } }, 'openapi_parse_failed'],
    [{ spec: { kind: 'url', url: 'https://pets.example.com/nothing' } }, 'openapi_parse_failed'],
    [pasted('<html>'), 'openapi_parse_failed'],
    [pasted(aDescription({ paths: {} })), 'openapi_extraction_failed'],
    [
      { ...pasted(aDescription()), specOverrides: [{ op: 'remove', path: '/x' }] },
      'openapi_spec_override_failed',
    ],
    [pasted(' '.repeat(50 * 1024 * 1024)), 'openapi_parse_failed'],
  ])('refuses input %# with %s', async (input, reason) => {
    await expect(openapi.add(input, context())).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'invalid_argument',
      reason,
    })
  })

  it('keeps an outage an outage', async () => {
    documents.set(URL_, new ServiceError('unavailable', 'egress_connect_failed', 'No answer.'))

    await expect(openapi.add({ spec: URL_ }, context())).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'egress_connect_failed',
    })
  })

  it('reads files it refers to through the same guard', async () => {
    documents.set(URL_, aDescription({ paths: { '/a': { $ref: 'a.json' } } }))
    documents.set('https://pets.example.com/a.json', '{"get": {"operationId": "a", "tags": ["t"]}}')

    const source = await openapi.add({ spec: URL_ }, context())
    source.close()

    expect(source.snapshot.tools.map(({ name }) => name)).toEqual(['t.a'])
    expect(asked.slice(-2)).toEqual([URL_, 'https://pets.example.com/a.json'])
  })

  it('says which file could not be read, and reads the next document all the same', async () => {
    documents.set(URL_, aDescription({ paths: { '/a': { $ref: 'gone.json' } } }))

    await expect(openapi.add({ spec: URL_ }, context())).rejects.toThrow(
      'A file that the description refers to could not be read (https://pets.example.com/gone.json)',
    )
    const next = await openapi.add(pasted(aDescription()), context())
    next.close()
  })

  it('stops when its caller gives up', async () => {
    const given = new AbortController()
    const added = openapi.add(pasted(aDescription()), { principal, signal: given.signal })

    given.abort()

    await expect(added).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('hands out long documents in batches', async () => {
    const paths = Object.fromEntries(
      Array.from({ length: 1_200 }, (_, index) => [
        `/p${index}`,
        { get: { operationId: `op${index}`, tags: ['t'] } },
      ]),
    )

    const source = await openapi.add(pasted(aDescription({ paths })), context())
    const batches = await Array.fromAsync(source.snapshot.operations)
    source.close()

    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(500)
    expect(batches.flat()).toHaveLength(1_200)
    const names = batches.flat().map(({ name }) => name)
    expect(names).toEqual(names.toSorted())
  })
})

describe('refresh', () => {
  const keyed = {
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
    security: [{ key: [] }],
  }

  it('reads the same address again, and keeps what people chose', async () => {
    documents.set(URL_, aDescription(keyed))
    const input = {
      spec: URL_,
      baseUrl: 'https://own.example.com',
      specOverrides: [{ op: 'replace', path: '/info/title', value: 'Mine' }],
    }
    const source = await openapi.add(input, context())
    source.close()
    const { config, authMethods } = openapi.configure(stored(source), {
      authenticationTemplate: [
        { type: 'apiKey', slug: 'mine', queryParams: { k: [{ type: 'variable', name: 'token' }] } },
      ],
    })
    documents.set(
      URL_,
      aDescription({ ...keyed, paths: { '/new': { get: { operationId: 'new', tags: ['t'] } } } }),
    )

    const again = await openapi.refresh({ config, authMethods }, {}, context())
    again.close()

    expect(again.snapshot.tools.map(({ name }) => name)).toEqual(['t.new'])
    expect(again.authMethods.map(({ slug }) => slug)).toEqual(['apikey-0', 'mine'])
    expect(again).toMatchObject({
      title: 'Mine',
      config: {
        baseUrl: 'https://own.example.com',
        specUrl: URL_,
        specOverrides: [{ path: '/info/title' }],
      },
    })
  })

  it('takes another document in its place', async () => {
    const source = await openapi.add(pasted(aDescription()), context())
    source.close()
    documents.set(URL_, aDescription({ info: { title: 'Other' } }))

    const again = await openapi.refresh(
      stored(source),
      { spec: { kind: 'url', url: URL_ } },
      context(),
    )
    again.close()

    expect(again).toMatchObject({ canRefresh: true, title: 'Other', config: { specUrl: URL_ } })
  })

  it('applies other overrides to a document that is pasted anew', async () => {
    const source = await openapi.add(pasted(aDescription()), context())
    source.close()
    const specOverrides = [{ op: 'replace', path: '/info/title', value: 'Corrected' }]

    const given = { ...pasted(aDescription()), specOverrides }
    const again = await openapi.refresh(stored(source), given, context())
    again.close()

    expect(again).toMatchObject({
      title: 'Corrected',
      config: { specOverrides },
    })
  })

  it.each([
    ['a text', (text: string) => ({ input: pasted(text), document: {} })],
    [
      'a long text beside the request',
      (text: string) => ({ input: pasted(''), document: { document: quoted(text) } }),
    ],
  ])('reads %s that was pasted again, from what is kept of it', async (_, give) => {
    const { input, document } = give(aDescription({ info: { title: 'Höfe', version: '1' } }))
    const source = await openapi.add(input, { ...context(), ...document })
    const { pastedText } = source
    const kept = typeof pastedText === 'function' ? await pastedText() : null
    const { operations } = await rowsOf(source)
    source.close()
    const text = Buffer.from(zstdDecompressSync(kept?.bytes ?? '')).toString()
    const specOverrides = [{ op: 'replace', path: '/info/version', value: '2' }]
    const readPastedText = async () => kept?.bytes ?? null
    const before = asked.length

    const again = await openapi.refresh(
      stored(source),
      { specOverrides },
      { ...context(), readPastedText },
    )
    const rowsAgain = await rowsOf(again)
    again.close()

    expect(kept?.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(text).toContain('Höfe')
    expect(again).toMatchObject({
      title: 'Höfe',
      canRefresh: false,
      pastedText: 'kept',
      config: { version: '2', specOverrides },
    })
    expect(rowsAgain.operations).toEqual(operations)
    expect(asked.length).toBe(before)
  })

  it('keeps no text of a document that can be fetched again', async () => {
    documents.set(URL_, aDescription())
    const source = await openapi.add({ spec: URL_ }, context())
    source.close()

    expect(source.pastedText).toBeUndefined()
  })

  it('has nothing to read again where no text of a pasted document is kept', async () => {
    const source = await openapi.add(pasted(aDescription()), context())
    source.close()

    await expect(openapi.refresh(stored(source), {}, context())).rejects.toMatchObject({
      code: 'failed_precondition',
      reason: 'integration_not_refreshable',
    })
  })

  it('leaves methods alone that replaced the detected ones', async () => {
    const source = await openapi.add(pasted(aDescription(keyed)), context())
    source.close()
    const replaced = openapi.configure(stored(source), {
      authenticationTemplate: [
        { slug: 'only', kind: 'apikey', placements: [{ carrier: 'header', name: 'X' }] },
      ],
      mode: 'replace',
    })

    const again = await openapi.refresh(replaced, pasted(aDescription(keyed)), context())
    again.close()

    expect(again.authMethods.map(({ slug }) => slug)).toEqual(['only'])
  })
})

describe('configure', () => {
  const before: StoredSource = {
    config: { specUrl: URL_, baseUrl: 'https://a.example' },
    authMethods: [{ slug: 'oauth-main', kind: 'oauth2', placements: [], origin: 'detected' }],
  }

  it('adds methods under slugs of their own', () => {
    const { authMethods } = openapi.configure(before, {
      authenticationTemplate: [
        {
          type: 'apiKey',
          headers: { Authorization: ['Bearer ', { type: 'variable', name: 'token' }] },
        },
      ],
    })

    expect(authMethods.map(({ slug }) => slug)).toEqual([
      'oauth-main',
      expect.stringMatching(/^custom_[a-z0-9]+$/),
    ])
    expect(authMethods[1]).toMatchObject({
      placements: [{ carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }],
    })
  })

  it('changes and forgets the base URL', () => {
    const changed = openapi.configure(before, { baseUrl: 'https://b.example/v1/' })
    const forgotten = openapi.configure(before, { baseUrl: null })
    const kept = openapi.configure(before, {})

    expect(changed).toMatchObject({
      config: { baseUrl: 'https://b.example/v1' },
      displayUrl: 'https://b.example/v1',
    })
    expect(forgotten.config).not.toHaveProperty('baseUrl')
    expect(forgotten.displayUrl).toBe(URL_)
    expect(kept).toMatchObject({
      config: { baseUrl: 'https://a.example' },
      authMethods: before.authMethods,
    })
  })

  it('refuses a base URL that is none', () => {
    expect(() => openapi.configure(before, { baseUrl: 'nowhere' })).toThrow(
      expect.objectContaining({ reason: 'base_url_invalid' }),
    )
  })
})

describe('preview and detect', () => {
  it('say what a document would add', async () => {
    expect(await openapi.preview({ spec: aDescription() }, context())).toEqual({
      title: 'Pets',
      version: '1.0.0',
      operationCount: 1,
      tagCounts: { pets: 1 },
      servers: [{ url: 'https://pets.example.com' }],
      authMethods: [expect.objectContaining({ slug: 'none' })],
      warnings: [],
    })
  })

  it('recognize an address that leads to a description', async () => {
    documents.set(URL_, aDescription({ info: { title: 'Swagger Petstore - OpenAPI 3.0' } }))

    expect(await openapi.detect(URL_, looking())).toEqual({
      kind: 'openapi',
      confidence: 'high',
      endpoint: URL_,
      name: 'Swagger Petstore - OpenAPI 3.0',
      slug: 'swagger_petstore_openapi_3_0',
      authMethods: [expect.objectContaining({ slug: 'none' })],
      estimate: { operations: 1, tokens: { direct: 32 } },
      warnings: [],
      input: { spec: URL_ },
    })
  })

  it('follow a page to the description it shows', async () => {
    documents.set(
      'https://pets.example.com/docs',
      '<html><redoc spec-url="/openapi.json"></redoc></html>',
    )
    documents.set(URL_, aDescription())

    expect(await openapi.detect('https://pets.example.com/docs', looking())).toMatchObject({
      confidence: 'medium',
      endpoint: URL_,
      name: 'Pets',
    })
  })

  it('ask nothing more of an address that leads to something else', async () => {
    documents.set('https://pets.example.com/mcp', '{"error": "unauthorized"}')
    asked.length = 0

    expect(await openapi.detect('https://pets.example.com/mcp', looking())).toBeNull()
    expect(asked).toEqual(['https://pets.example.com/mcp'])
  })

  it('look where descriptions usually are when the address itself has none', async () => {
    documents.set(URL_, aDescription())

    for (const url of ['https://pets.example.com/', 'https://pets.example.com/nothing']) {
      expect(await openapi.detect(url, looking())).toMatchObject({
        confidence: 'medium',
        endpoint: URL_,
      })
    }
  })

  it('follow a page to the script that names its description', async () => {
    documents.delete(URL_)
    const page = '<html><script src="/ui/swagger-initializer.js"></script></html>'
    documents.set('https://pets.example.com/docs', page)
    documents.set(
      'https://pets.example.com/ui/swagger-initializer.js',
      'window.ui = SwaggerUIBundle({ url: "/v9/spec.json" })',
    )
    documents.set('https://pets.example.com/v9/spec.json', aDescription())

    expect(await openapi.detect('https://pets.example.com/docs', looking())).toMatchObject({
      confidence: 'medium',
      endpoint: 'https://pets.example.com/v9/spec.json',
    })
  })

  it.each(['https://nobody.example.com/nothing', 'not a url', 'ftp://x'])(
    'do not recognize %s',
    async (url) => {
      expect(await openapi.detect(url, looking())).toBeNull()
    },
  )
})

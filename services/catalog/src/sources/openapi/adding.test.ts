import { ServiceError } from '@executor/contracts'
import { afterAll, describe, expect, it } from 'vitest'
import {
  context,
  openOpenapiKind,
  PETS_URL,
  pasted,
  principal,
  rowsOf,
  stored,
} from './fixtures.ts'
import { aDescription } from './reader/fixtures.ts'

const { openapi, documents, asked } = openOpenapiKind()
afterAll(() => openapi.close())

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
    documents.set(PETS_URL, new TextEncoder().encode(aDescription({ servers: [{ url: '/v1' }] })))

    const source = await openapi.add({ spec: { kind: 'url', url: PETS_URL } }, context())
    source.close()

    expect(source).toMatchObject({
      canRefresh: true,
      displayUrl: PETS_URL,
      config: { specUrl: PETS_URL, servers: [{ url: 'https://pets.example.com/v1' }] },
    })
  })

  it('takes a plain string for an address or for the document itself', async () => {
    documents.set(PETS_URL, aDescription())

    const fetched = await openapi.add({ spec: ` ${PETS_URL}\n` }, context())
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
    documents.set(PETS_URL, new ServiceError('unavailable', 'egress_connect_failed', 'No answer.'))

    await expect(openapi.add({ spec: PETS_URL }, context())).rejects.toMatchObject({
      code: 'unavailable',
      reason: 'egress_connect_failed',
    })
  })

  it('reads files it refers to through the same guard', async () => {
    documents.set(PETS_URL, aDescription({ paths: { '/a': { $ref: 'a.json' } } }))
    documents.set('https://pets.example.com/a.json', '{"get": {"operationId": "a", "tags": ["t"]}}')

    const source = await openapi.add({ spec: PETS_URL }, context())
    source.close()

    expect(source.snapshot.tools.map(({ name }) => name)).toEqual(['t.a'])
    expect(asked.slice(-2)).toEqual([PETS_URL, 'https://pets.example.com/a.json'])
  })

  it('says which file could not be read, and reads the next document all the same', async () => {
    documents.set(PETS_URL, aDescription({ paths: { '/a': { $ref: 'gone.json' } } }))

    await expect(openapi.add({ spec: PETS_URL }, context())).rejects.toThrow(
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

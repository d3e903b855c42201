import { describe, expect, it } from 'vitest'
import { type ReadOperation, readText } from '../fixtures.ts'
import { aDiscovery, LIST, SCOPE } from './fixtures.ts'

async function readOperations(parts: Record<string, unknown> = {}) {
  const { summary, operations, definitions } = await readText(aDiscovery(parts))
  const byName = new Map(
    operations.map(({ name, listing, detail }) => [
      name,
      { ...JSON.parse(listing), ...JSON.parse(detail) } as ReadOperation,
    ]),
  )
  const schemas = Object.fromEntries(definitions.map(({ name, json }) => [name, JSON.parse(json)]))
  return {
    summary,
    schemas,
    names: [...byName.keys()],
    operation(name: string): ReadOperation {
      const found = byName.get(name)
      expect(found, `${name} is one of ${[...byName.keys()].join(', ')}`).toBeDefined()
      return found as ReadOperation
    },
  }
}

const aMethod = (own: Record<string, unknown>) => ({
  resources: { books: { methods: { run: own } } },
})

describe('convertDiscovery', () => {
  it('names methods as their ids do, however deep their resources nest', async () => {
    const { summary, names } = await readOperations({
      methods: { ping: { id: 'shelf.ping', httpMethod: 'GET', path: 'ping' } },
      resources: {
        users: {
          resources: {
            books: {
              methods: { list: { id: 'shelf.users.books.list', httpMethod: 'GET', path: 'u' } },
            },
          },
        },
      },
    })

    expect(names).toEqual(['ping', 'users.books.list'])
    expect(summary).toMatchObject({ format: 'google-discovery', title: 'Shelf API', version: 'v1' })
  })

  it('sends a method below the root and the path of its service', async () => {
    const { summary, operation } = await readOperations()

    expect(summary.servers).toEqual([{ url: 'https://shelf.googleapis.com' }])
    expect(operation('books.list').binding).toMatchObject({
      method: 'GET',
      path: '/shelf/v1/shelves/{shelfId}/books',
      parameters: [
        { argument: 'shelfId', in: 'path', required: true },
        { argument: 'labels', in: 'query', style: 'form', explode: true },
        { argument: 'maxResults', in: 'query' },
        { argument: 'fields', in: 'query' },
      ],
    })
  })

  it('leaves credentials and the wrapping of answers out of the arguments', async () => {
    const { operation } = await readOperations()

    const { properties } = operation('books.list').inputSchema
    expect(Object.keys(properties).sort()).toEqual(['fields', 'labels', 'maxResults', 'shelfId'])
  })

  it('reads numbers that are written as text', async () => {
    const { operation } = await readOperations()

    const { maxResults, labels } = operation('books.list').inputSchema.properties
    expect(maxResults).toMatchObject({ type: 'integer', default: 10, minimum: 1, maximum: 100 })
    expect(labels).toMatchObject({ type: 'array', items: { enum: ['NEW', 'LENT'] } })
  })

  it('keeps the slashes of a resource name, and tells methods of one address apart', async () => {
    const name = { type: 'string', location: 'path', required: true, pattern: '^shelves/[^/]+$' }
    const method = { httpMethod: 'GET', path: 'v1/{+name}', parameters: { name } }
    const { names, operation } = await readOperations({
      servicePath: '',
      resources: {
        shelves: { methods: { get: { ...method, id: 'shelf.shelves.get' } } },
        books: { methods: { get: { ...method, id: 'shelf.books.get' } } },
      },
    })

    expect(names).toEqual(['books.get', 'shelves.get'])
    for (const own of names) {
      expect(operation(own).binding).toMatchObject({
        path: '/v1/{name}',
        parameters: [{ name: 'name', in: 'path', allowReserved: true }, { name: 'fields' }],
      })
      expect(operation(own).description).toBe('GET /v1/{name}')
    }
  })

  it('needs a body only where the document says that this method does', async () => {
    const insert = { httpMethod: 'POST', path: 'books', request: { $ref: 'Book' } }
    const { operation } = await readOperations({
      resources: {
        books: {
          methods: {
            insert: { ...insert, id: 'shelf.books.insert' },
            touch: { ...insert, id: 'shelf.books.touch', path: 'touch' },
          },
        },
      },
    })

    expect(operation('books.insert').inputSchema.required).toContain('body')
    expect(operation('books.insert').inputSchema.properties.body).toMatchObject({
      allOf: [{ $ref: '#/$defs/Book' }, { required: ['name'] }],
    })
    expect(operation('books.touch').inputSchema.required ?? []).not.toContain('body')
    expect(operation('books.touch').inputSchema.properties.body).toEqual({ $ref: '#/$defs/Book' })
  })

  it('reads schemas with their formats, maps, values and references to themselves', async () => {
    const { schemas } = await readOperations()

    expect(schemas.Book.properties).toEqual({
      name: { type: 'string' },
      pages: { type: 'string', format: 'int64' },
      cover: { type: 'string', format: 'byte', contentEncoding: 'base64' },
      readAt: { type: 'string', format: 'date-time', readOnly: true },
      state: {
        type: 'string',
        enum: ['NEW', 'LENT'],
        description: '- NEW: Never opened.\n- LENT: Somebody has it.',
      },
      notes: { type: 'object', additionalProperties: {} },
      sequel: { $ref: '#/$defs/Book' },
    })
  })

  it('reads a variant as a choice that a property decides', async () => {
    const { schemas } = await readOperations({
      schemas: {
        Books: {
          id: 'Books',
          type: 'object',
          variant: {
            discriminant: 'type',
            map: [
              { type_value: 'novel', $ref: 'Novel' },
              { type_value: 'atlas', $ref: 'Atlas' },
            ],
          },
        },
        Novel: { id: 'Novel', type: 'object', properties: { type: { type: 'string' } } },
        Atlas: { id: 'Atlas', type: 'object', properties: { type: { type: 'string' } } },
      },
    })

    expect(schemas.Books).toMatchObject({
      discriminator: { propertyName: 'type', mapping: { novel: 'Novel', atlas: 'Atlas' } },
      oneOf: [
        { allOf: [{ $ref: '#/$defs/Novel' }, { properties: { type: { const: 'novel' } } }] },
        { allOf: [{ $ref: '#/$defs/Atlas' }, { properties: { type: { const: 'atlas' } } }] },
      ],
    })
  })

  it('asks for the fewest scopes that open every method, and for all of Google Cloud last', async () => {
    const { summary, operation } = await readOperations()

    const [method] = summary.authMethods
    expect(method).toMatchObject({
      slug: 'googleOAuth2',
      kind: 'oauth2',
      oauth: { scopes: [SCOPE.write], tokenUrl: 'https://oauth2.googleapis.com/token' },
    })
    expect(method?.oauth?.scopeDescriptions).toMatchObject({ [SCOPE.read]: 'See books' })
    const asked = new URL(method?.oauth?.authorizationUrl ?? '')
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      access_type: 'offline',
      prompt: 'consent',
    })
    expect(operation('books.list').binding.security).toEqual(['googleOAuth2'])
  })

  it('takes a key where a method asks for no scope', async () => {
    const { summary, operation } = await readOperations(
      aMethod({ id: 'shelf.books.run', httpMethod: 'GET', path: 'open' }),
    )

    expect(summary.authMethods.map(({ slug }) => slug).sort()).toEqual([
      'googleApiKey',
      'googleOAuth2',
    ])
    expect(operation('books.run').binding.security?.sort()).toEqual([
      'googleApiKey',
      'googleOAuth2',
    ])
  })

  it('offers what sends a file beside what sends its metadata alone', async () => {
    const { names, operation, summary } = await readOperations(
      aMethod({
        id: 'shelf.books.run',
        httpMethod: 'POST',
        path: 'books',
        request: { $ref: 'Book' },
        response: { $ref: 'Book' },
        mediaUpload: {
          accept: ['image/*'],
          maxSize: '5MB',
          protocols: {
            simple: { multipart: true, path: '/upload/shelf/v1/books' },
            resumable: { multipart: true, path: '/resumable/upload/shelf/v1/books' },
          },
        },
      }),
    )

    expect(names).toEqual(['books.run', 'books.runWithMedia'])
    expect(operation('books.run').binding.path).toBe('/shelf/v1/books')
    const upload = operation('books.runWithMedia')
    expect(upload.binding).toMatchObject({
      path: '/upload/shelf/v1/books?uploadType=multipart',
      body: { required: true, contents: [{ mediaType: 'multipart/related', files: ['media'] }] },
    })
    expect(upload.description).toBe('Sends the content with it. Takes image/*. At most 5MB.')
    expect(summary.warnings).toContain(
      'Resumable uploads are left out: files are sent whole, in one request.',
    )
  })

  it('sends a file alone where the method takes nothing else', async () => {
    const { names, operation } = await readOperations(
      aMethod({
        id: 'shelf.books.run',
        httpMethod: 'POST',
        path: 'covers',
        mediaUpload: { protocols: { simple: { multipart: true, path: '/upload/covers' } } },
      }),
    )

    expect(names).toEqual(['books.run'])
    expect(operation('books.run').binding).toMatchObject({
      path: '/upload/covers?uploadType=media',
      body: { contents: [{ mediaType: 'application/octet-stream', binary: true }] },
    })
  })

  it('offers the content of a file beside its metadata', async () => {
    const get = {
      id: 'shelf.books.run',
      httpMethod: 'GET',
      path: 'books/{bookId}',
      supportsMediaDownload: true,
    }
    const both = await readOperations(aMethod({ ...get, response: { $ref: 'Book' } }))
    const alone = await readOperations(aMethod(get))

    expect(both.names).toEqual(['books.run', 'books.runMedia'])
    expect(both.operation('books.runMedia').binding.path).toBe('/shelf/v1/books/{bookId}?alt=media')
    expect(both.operation('books.runMedia').description).toContain('Answers with a file')
    expect(both.operation('books.run').outputSchema).toEqual({ $ref: '#/$defs/Book' })
    expect(alone.names).toEqual(['books.run'])
    expect(alone.operation('books.run').binding.path).toBe('/shelf/v1/books/{bookId}?alt=media')
  })

  it('wraps what older services wrap', async () => {
    const { operation } = await readOperations({ features: ['dataWrapper'] })

    expect(operation('books.list').outputSchema).toEqual({
      type: 'object',
      properties: { data: { $ref: '#/$defs/Books' } },
    })
  })

  it('reads a document that gives its base address alone', async () => {
    const { summary, operation } = await readOperations({
      rootUrl: undefined,
      servicePath: undefined,
      baseUrl: 'https://www.googleapis.com/shelf/v1/',
    })

    expect(summary.servers).toEqual([{ url: 'https://www.googleapis.com' }])
    expect(operation('books.list').binding.path).toBe('/shelf/v1/shelves/{shelfId}/books')
  })

  it.each([
    [
      'resources that nest without end',
      { resources: nest(60) },
      'Resources nest more than 32 levels',
    ],
    [
      'schemas that nest without end',
      { schemas: { Books: nestSchema(400) } },
      'nests more than 200',
    ],
    ['another protocol', { protocol: 'rpc' }, 'describes "rpc"'],
    ['no methods', { resources: {} }, 'describes no operations'],
    ['resources that are none', { resources: 'x' }, 'describes no operations'],
  ])('refuses %s', async (_, parts, message) => {
    await expect(readText(aDiscovery(parts))).rejects.toThrow(message)
  })

  it('takes names from strangers for names', async () => {
    const text = aDiscovery({ schemas: { Books: { id: 'Books', type: 'object' } } }).replace(
      '"Books":{',
      '"__proto__":{"type":"object"},"Books":{"properties":{"__proto__":{"type":"string"}},',
    )

    const { operations } = await readText(text)

    expect(operations).toHaveLength(1)
    expect(Object.prototype).not.toHaveProperty('type')
  })

  it('says so when a document is not what it is said to be', async () => {
    await expect(readText(aDiscovery(), { format: 'openapi' })).rejects.toThrow('Google Discovery')
    await expect(
      readText('{"openapi":"3.0.0","paths":{}}', { format: 'google-discovery' }),
    ).rejects.toThrow('no Google Discovery document')
  })

  it('corrects the document as it is published', async () => {
    const { operations } = await readText(aDiscovery(), {
      overrides: [
        {
          op: 'add',
          path: '/resources/books/methods/all',
          value: { ...LIST, id: 'shelf.books.all' },
        },
      ],
    })

    expect(operations.map(({ name }) => name)).toEqual(['books.all', 'books.list'])
  })

  it('is read the same every time', async () => {
    const [one, two] = [await readText(aDiscovery()), await readText(aDiscovery())]

    expect(one.summary.hash).toBe(two.summary.hash)
  })
})

function nest(levels: number): Record<string, unknown> {
  return levels === 0 ? {} : { r: { resources: nest(levels - 1) } }
}

function nestSchema(levels: number): Record<string, unknown> {
  return levels === 0 ? { type: 'string' } : { type: 'array', items: nestSchema(levels - 1) }
}

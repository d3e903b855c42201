import { describe, expect, it } from 'vitest'
import { aDescription, readOperation, readText } from './fixtures.ts'

const BASE = 'https://example.com/specs/openapi.yaml'

describe('readDescription', () => {
  it('reads what it says of itself', async () => {
    const { summary } = await readText(
      aDescription({
        info: { title: ' Pets ', version: 2, summary: 'Short.', description: 'Long.' },
      }),
    )

    expect(summary).toMatchObject({
      title: 'Pets',
      version: '2',
      description: 'Short.',
      operationCount: 1,
      tagCounts: { pets: 1 },
      servers: [{ url: 'https://pets.example.com' }],
      warnings: [],
    })
  })

  it.each([
    ['{"openapi": "4.0.0"}', 'OpenAPI 4.0.0'],
    ['{"swagger": "1.2"}', 'Swagger 1.2'],
    ['{"asyncapi": "2.0.0"}', 'an AsyncAPI description'],
    ['{"data": {"__schema": {}}}', 'a GraphQL introspection result'],
    ['{"hello": "world"}', 'neither an "openapi" nor a "swagger" field'],
  ])('refuses %s as what it is', async (source, words) => {
    await expect(readText(source)).rejects.toThrow(words)
    await expect(readText(source)).rejects.toMatchObject({ reason: 'openapi_parse_failed' })
  })

  it.each([
    [{ paths: {} }, 'describes no operations'],
    [{ paths: undefined }, 'describes no operations'],
    [{ paths: { '/a': null, '/b': 'x', '/c': [] } }, 'describes no operations'],
    [{ paths: {}, webhooks: { ping: {} } }, 'describes only webhooks'],
  ])('refuses a document without operations: %j', async (parts, words) => {
    await expect(readText(aDescription(parts))).rejects.toThrow(words)
    await expect(readText(aDescription(parts))).rejects.toMatchObject({
      reason: 'openapi_extraction_failed',
    })
  })

  it('reads a later minor version as the last it knows, and warns', async () => {
    const { summary } = await readText(aDescription({ openapi: '3.7.0' }))

    expect(summary.warnings).toEqual(['The document is of a version later than OpenAPI 3.2.'])
  })

  it('warns where no server is named', async () => {
    const { summary } = await readText(aDescription({ servers: [{ url: '/v1' }] }))

    expect(summary.warnings.join()).toContain('give the integration a base URL')
  })

  it('resolves servers from where the document came', async () => {
    const relative = await readText(aDescription({ servers: [{ url: '/v1/' }] }), { url: BASE })
    const absent = await readText(aDescription({ servers: undefined }), { url: BASE })

    expect(relative.summary.servers).toEqual([{ url: 'https://example.com/v1' }])
    expect(absent.summary.servers).toEqual([{ url: 'https://example.com' }])
  })

  it('applies overrides before anything is read', async () => {
    const { summary } = await readText(aDescription(), {
      overrides: [{ op: 'replace', path: '/info/title', value: 'Better' }],
    })

    expect(summary.title).toBe('Better')
  })

  it('tells the search index every argument, fields of the body included', async () => {
    const source = aDescription({
      paths: {
        '/pets/{id}': {
          put: {
            operationId: 'rename',
            tags: ['pets'],
            summary: 'Rename a pet',
            description: 'Gives it another name.',
            requestBody: {
              content: {
                'application/json': {
                  schema: { properties: { name: { description: 'The name' } } },
                },
              },
            },
          },
        },
      },
    })

    const { searchDocuments } = await readText(source)

    expect(searchDocuments).toEqual([
      {
        name: 'pets.rename',
        path: '/pets/{id}',
        method: 'PUT',
        summary: 'Rename a pet',
        description: 'Gives it another name.',
        parameters: [{ name: 'id' }, { name: 'name', description: 'The name' }],
        tags: ['pets'],
        readOnly: false,
        destructive: false,
        deprecated: false,
      },
    ])
  })
})

describe('files of one description', () => {
  const split = aDescription({
    paths: { '/pets': { $ref: 'paths/pets.yaml' }, '/toys': { $ref: './paths/toys.json#/toys' } },
  })
  const files = {
    'https://example.com/specs/paths/pets.yaml':
      'get:\n  operationId: listPets\n  parameters:\n    - $ref: ../shared.yaml#/limit\n' +
      '  responses:\n    "200":\n      content:\n        application/json:\n          schema: {$ref: "../shared.yaml#/schemas/Pet"}\n',
    'https://example.com/specs/paths/toys.json': '{"toys": {"get": {"operationId": "listToys"}}}',
    'https://example.com/specs/shared.yaml':
      'limit: {name: limit, in: query, schema: {type: integer}}\n' +
      'schemas:\n  Pet: {type: object, properties: {friend: {$ref: "#/schemas/Pet"}, home: {$ref: "openapi.yaml#/components/schemas/Home"}}}\n',
  }

  it('are read where they are needed, each relative to itself', async () => {
    const source = JSON.stringify({
      ...JSON.parse(split),
      components: { schemas: { Home: { type: 'string' } } },
    })

    const { operations, definitions, summary } = await readText(source, { url: BASE, files })

    expect(operations.map(({ name }) => name)).toEqual(['pets.listPets', 'toys.listToys'])
    expect(
      Object.fromEntries(definitions.map(({ name, json }) => [name, JSON.parse(json)])),
    ).toEqual({
      Home: { type: 'string' },
      Pet: {
        type: 'object',
        properties: { friend: { $ref: '#/$defs/Pet' }, home: { $ref: '#/$defs/Home' } },
      },
    })
    expect(summary.warnings).toEqual([])
  })

  it('cannot be found from a document that was pasted', async () => {
    const { summary } = await readText(
      aDescription({ paths: { '/a': { $ref: 'a.yaml' }, '/b': { get: {} } } }),
    )

    expect(summary.operationCount).toBe(1)
    expect(summary.warnings).toContain(
      'The document was pasted without its address, so the files it refers to were not read: a.yaml. What they describe is missing; give the address with the text, or instead of it.',
    )
  })

  it('are never local ones', async () => {
    const asked: string[] = []
    const source = aDescription({
      paths: { '/a': { $ref: 'file:///etc/passwd' }, '/b': { get: {} } },
    })

    await readText(source, {
      url: BASE,
      files: new Proxy({}, { get: (_, url) => asked.push(String(url)) }),
    })

    expect(asked).toEqual([])
  })

  it('are not followed beyond their number', async () => {
    const paths = Object.fromEntries(
      Array.from({ length: 1_001 }, (_, i) => [`/${i}`, { $ref: `${i}.json` }]),
    )

    await expect(readText(aDescription({ paths }), { url: BASE })).rejects.toThrow(
      'split over more than 1000 files',
    )
  })

  it('say which of them is broken', async () => {
    const broken = { 'https://example.com/specs/paths/pets.yaml': 'a: [' }

    await expect(readText(split, { url: BASE, files: broken })).rejects.toThrow(
      'The file https://example.com/specs/paths/pets.yaml is not valid YAML',
    )
  })

  it('lead no further than they can through references to each other', async () => {
    const source = aDescription({
      paths: { '/a': { get: { parameters: [{ $ref: '#/components/parameters/A' }] } } },
      components: {
        parameters: {
          A: { $ref: '#/components/parameters/B' },
          B: { $ref: '#/components/parameters/A' },
        },
      },
    })

    const { binding } = await readOperation(source)

    expect(binding.parameters).toEqual([])
  })
})

describe('the hash of a snapshot', () => {
  const pet = { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' } } }
  const list = (schema: unknown) => ({
    operationId: 'list',
    tags: ['pets'],
    responses: { 200: { content: { 'application/json': { schema } } } },
  })
  const reference = { $ref: '#/components/schemas/Pet' }
  const parts = {
    paths: {
      '/pets': { get: list(reference) },
      '/toys': { get: { operationId: 'toys', tags: ['toys'] } },
    },
    components: { schemas: { Pet: pet, Other: { type: 'string' } } },
  }

  it('is the same whatever order the document is in', async () => {
    const reversed = {
      components: {
        schemas: {
          Other: { type: 'string' },
          Pet: { properties: { name: pet.properties.name, id: pet.properties.id }, type: 'object' },
        },
      },
      paths: { '/toys': parts.paths['/toys'], '/pets': parts.paths['/pets'] },
    }

    const first = await readText(aDescription(parts))
    const second = await readText(aDescription(reversed))

    expect(second.summary.hash).toBe(first.summary.hash)
    expect(second.operations.map(({ hash }) => hash)).toEqual(
      first.operations.map(({ hash }) => hash),
    )
  })

  it('does not depend on what no operation reaches', async () => {
    const first = await readText(aDescription(parts))
    const second = await readText(
      aDescription({ ...parts, components: { schemas: { Pet: pet } }, 'x-built': 1 }),
    )

    expect(second.summary.hash).toBe(first.summary.hash)
  })

  it('changes with a definition, and with it the hash of the operations that reach it', async () => {
    const changed = { ...parts, components: { schemas: { Pet: { ...pet, required: ['id'] } } } }

    const first = await readText(aDescription(parts))
    const second = await readText(aDescription(changed))

    expect(second.summary.hash).not.toBe(first.summary.hash)
    expect(second.operations[0]?.hash).not.toBe(first.operations[0]?.hash)
    expect(second.operations[1]?.hash).toBe(first.operations[1]?.hash)
  })
})

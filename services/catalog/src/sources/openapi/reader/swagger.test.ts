import { describe, expect, it } from 'vitest'
import { type ReadOperation, readOperation, readText } from './fixtures.ts'
import type { JsonObject } from './json.ts'

function aSwagger(operation: JsonObject, parts: JsonObject = {}): string {
  return JSON.stringify({
    swagger: '2.0',
    info: { title: 'Old pets', version: '1' },
    host: 'pets.example.com',
    basePath: '/v1',
    schemes: ['http', 'https'],
    paths: { '/pets': { post: { operationId: 'addPet', tags: ['pet'], ...operation } } },
    ...parts,
  })
}

function read(operation: JsonObject, parts: JsonObject = {}): Promise<ReadOperation> {
  return readOperation(aSwagger(operation, parts))
}

describe('Swagger 2.0', () => {
  it('is recognized unquoted in YAML', async () => {
    const { summary } = await readText('swagger: 2.0\ninfo: {title: t}\npaths: {/a: {get: {}}}')

    expect(summary.operationCount).toBe(1)
  })

  it('takes parameters for their own schemas', async () => {
    const parameters = [
      { name: 'limit', in: 'query', type: 'integer', format: 'int32', description: 'How many' },
      { name: 'tags', in: 'query', type: 'array', items: { type: 'string' } },
      {
        name: 'ids',
        in: 'query',
        type: 'array',
        items: { type: 'string' },
        collectionFormat: 'multi',
      },
      {
        name: 'pipes',
        in: 'query',
        type: 'array',
        items: { type: 'string' },
        collectionFormat: 'pipes',
      },
      { name: 'X-List', in: 'header', type: 'array', items: { type: 'string' } },
    ]

    const { inputSchema, binding } = await read({ parameters })

    expect(inputSchema.properties.limit).toEqual({
      type: 'integer',
      format: 'int32',
      description: 'How many',
    })
    expect(binding.parameters.map(({ name, style, explode }) => [name, style, explode])).toEqual([
      ['limit', undefined, undefined],
      ['tags', 'form', false],
      ['ids', 'form', true],
      ['pipes', 'pipeDelimited', false],
      ['X-List', 'simple', false],
    ])
  })

  it('writes a body the ways it consumes', async () => {
    const parameters = [
      {
        name: 'pet',
        in: 'body',
        required: true,
        description: 'The pet',
        schema: { $ref: '#/definitions/Pet' },
      },
    ]

    const { inputSchema, binding, definitions } = await read(
      { parameters, consumes: ['application/json', 'application/xml'] },
      {
        definitions: {
          Pet: { type: 'object', properties: { id: { type: 'integer', 'x-nullable': true } } },
        },
      },
    )

    expect(inputSchema.required).toEqual(['body'])
    expect(binding.body?.contents.map(({ mediaType }) => mediaType)).toEqual([
      'application/json',
      'application/xml',
    ])
    expect(definitions).toEqual({
      Pet: { type: 'object', properties: { id: { type: ['integer', 'null'] } } },
    })
  })

  it('makes forms of form fields, multipart where one is a file', async () => {
    const parameters = [
      { name: 'name', in: 'formData', type: 'string', required: true },
      { name: 'photo', in: 'formData', type: 'file' },
      {
        name: 'tags',
        in: 'formData',
        type: 'array',
        items: { type: 'string' },
        collectionFormat: 'multi',
      },
    ]

    const { inputSchema, binding } = await read({
      parameters,
      consumes: ['application/x-www-form-urlencoded'],
    })

    expect(binding.body).toEqual({
      required: true,
      contents: [
        {
          mediaType: 'multipart/form-data',
          files: ['photo'],
          encoding: { tags: { style: 'form', explode: true } },
        },
      ],
    })
    expect(inputSchema.properties.body).toMatchObject({
      properties: { name: { type: 'string' }, photo: { anyOf: [{}, {}] } },
      required: ['name'],
    })
  })

  it('reads answers the way it produces them', async () => {
    const responses = {
      200: { description: 'ok', schema: { type: 'array', items: { $ref: '#/definitions/Pet' } } },
    }

    const { outputSchema, binding } = await read(
      { responses },
      { produces: ['application/json'], definitions: { Pet: { type: 'object' } } },
    )

    expect(outputSchema).toEqual({ type: 'array', items: { $ref: '#/$defs/Pet' } })
    expect(binding.responses).toEqual([{ status: '200', mediaTypes: ['application/json'] }])
  })

  it('prefers https, and fills in the document’s own address', async () => {
    const own = await readText(aSwagger({}))
    const inherited = await readText(aSwagger({}, { host: undefined, schemes: undefined }), {
      url: 'http://host.example:8080/docs/swagger.json',
    })

    expect(own.summary.servers).toEqual([{ url: 'https://pets.example.com/v1' }])
    expect(inherited.summary.servers).toEqual([{ url: 'http://host.example:8080/v1' }])
  })

  it('reads its security definitions', async () => {
    const securityDefinitions = {
      basic: { type: 'basic' },
      key: { type: 'apiKey', in: 'query', name: 'api_key' },
      oauth: {
        type: 'oauth2',
        flow: 'accessCode',
        authorizationUrl: 'https://a',
        tokenUrl: 'https://t',
        scopes: {},
      },
    }
    const security = [{ basic: [] }, { key: [] }, { oauth: [] }]

    const { summary } = await readText(aSwagger({}, { securityDefinitions, security }))

    expect(summary.authMethods).toMatchObject([
      { slug: 'apikey-0', placements: [{ basic: { username: 'username', password: 'password' } }] },
      { slug: 'apikey-1', placements: [{ carrier: 'query', name: 'api_key' }] },
      { slug: 'oauth-oauth', oauth: { grant: 'authorization_code' } },
    ])
  })
})

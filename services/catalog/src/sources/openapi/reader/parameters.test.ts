import { describe, expect, it } from 'vitest'
import { aDescription, anOperation, readOperation } from './fixtures.ts'

describe('parameters', () => {
  it('are arguments by name, those of the path item included', async () => {
    const source = aDescription({
      components: {
        parameters: { Level: { name: 'level', in: 'query', schema: { type: 'integer' } } },
      },
      paths: {
        '/pets/{id}': {
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'verbose', in: 'query', description: 'from the path' },
          ],
          get: {
            parameters: [
              { $ref: '#/components/parameters/Level' },
              { name: 'verbose', in: 'query', description: 'own', schema: { type: 'boolean' } },
            ],
          },
        },
      },
    })

    const { inputSchema, binding } = await readOperation(source)

    expect(inputSchema).toEqual({
      type: 'object',
      properties: {
        id: { type: 'string' },
        verbose: { type: 'boolean', description: 'own' },
        level: { type: 'integer' },
      },
      required: ['id'],
      additionalProperties: false,
    })
    expect(binding.parameters).toEqual([
      { argument: 'id', name: 'id', in: 'path', required: true },
      { argument: 'verbose', name: 'verbose', in: 'query' },
      { argument: 'level', name: 'level', in: 'query' },
    ])
  })

  it('that share a name say where they go; the one in the path keeps it', async () => {
    const parameters = [
      { name: 'id', in: 'cookie' },
      { name: 'id', in: 'query' },
      { name: 'id', in: 'path' },
      { name: 'id_query', in: 'header' },
      { name: 'body', in: 'query' },
      { name: 'contentType', in: 'query' },
    ]
    const content = { 'application/json': { schema: {} }, 'text/plain': {} }

    const { binding } = await readOperation(
      anOperation({ parameters, requestBody: { content } }, { path: '/things/{id}' }),
    )

    expect(binding.parameters.map(({ argument, in: place }) => `${argument} ${place}`)).toEqual([
      'id_cookie cookie',
      'id_query query',
      'id path',
      'id_query_header header',
      'body_query query',
      'contentType_query query',
    ])
  })

  it('carry their style, and media types of content parameters', async () => {
    const parameters = [
      { name: 'a', in: 'query', style: 'deepObject', explode: true, schema: { type: 'object' } },
      { name: 'b', in: 'query', allowReserved: true, schema: { type: 'string' } },
      { name: 'c', in: 'query', content: { 'application/json': { schema: { type: 'object' } } } },
      { name: 'd', in: 'query', style: 'nonsense' },
    ]

    const { binding, inputSchema } = await readOperation(anOperation({ parameters }))

    expect(binding.parameters).toEqual([
      { argument: 'a', name: 'a', in: 'query', style: 'deepObject', explode: true },
      { argument: 'b', name: 'b', in: 'query', allowReserved: true },
      { argument: 'c', name: 'c', in: 'query', contentType: 'application/json' },
      { argument: 'd', name: 'd', in: 'query' },
    ])
    expect(inputSchema.properties.c).toEqual({ type: 'object' })
  })

  it('leave out headers that are described elsewhere, and what is malformed', async () => {
    const parameters = [
      { name: 'Accept', in: 'header' },
      { name: 'content-type', in: 'header' },
      { name: 'Authorization', in: 'header' },
      { name: 'X-Trace', in: 'header' },
      { name: '', in: 'query' },
      { in: 'query' },
      { name: 'x', in: 'nowhere' },
      'nonsense',
      null,
      { name: 'gone', in: 'path' },
    ]

    const { binding } = await readOperation(anOperation({ parameters }))

    expect(binding.parameters.map(({ name }) => name)).toEqual(['X-Trace'])
  })

  it('are added for path variables that nobody described', async () => {
    const { inputSchema, binding } = await readOperation(anOperation({}, { path: '/a/{x}/b/{y}' }))

    expect(inputSchema.required).toEqual(['x', 'y'])
    expect(binding.parameters[0]).toEqual({ argument: 'x', name: 'x', in: 'path', required: true })
  })

  it('called like the prototype get a name that is harmless to copy', async () => {
    const { inputSchema, binding } = await readOperation(
      anOperation({
        parameters: [
          { name: '__proto__', in: 'query' },
          { name: 'constructor', in: 'query' },
        ],
      }),
    )

    expect(Object.keys(inputSchema.properties)).toEqual(['proto_query', 'constructor'])
    expect(binding.parameters[0]).toMatchObject({ argument: 'proto_query', name: '__proto__' })
  })

  it("are one for OpenAPI 3.2's whole query string", async () => {
    const schema = { type: 'object', properties: { q: { type: 'string' } }, required: ['q'] }
    const parameters = [
      {
        name: 'query',
        in: 'querystring',
        content: { 'application/x-www-form-urlencoded': { schema } },
      },
    ]

    const { binding } = await readOperation(anOperation({ parameters }, { openapi: '3.2.0' }))

    expect(binding.parameters).toEqual([
      {
        argument: 'query',
        name: 'query',
        in: 'querystring',
        contentType: 'application/x-www-form-urlencoded',
      },
    ])
  })

  it('ask for no header that the connection sets', async () => {
    const length = { name: 'Content-Length', in: 'header', required: true, schema: {} }

    const { inputSchema } = await readOperation(anOperation({ parameters: [length] }))

    expect(inputSchema.required).toBeUndefined()
  })
})

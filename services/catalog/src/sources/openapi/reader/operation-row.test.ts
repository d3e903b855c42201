import { OpenapiBinding } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { aDescription, anOperation, readOperation } from './fixtures.ts'

describe('descriptions and annotations', () => {
  it.each([
    [{ description: 'Long.', summary: 'Short' }, 'Long.'],
    [{ description: ' ', summary: 'Short' }, 'Short'],
    [{}, 'POST /things'],
  ])('describes %j as %j', async (operation, description) => {
    expect((await readOperation(anOperation(operation))).description).toBe(description)
  })

  it('cuts a description that nobody would read', async () => {
    const { description } = await readOperation(anOperation({ description: 'x'.repeat(20_000) }))

    expect(description.length).toBeLessThan(16_400)
  })

  it.each([
    ['get', { readOnly: true, idempotent: true, destructive: false, requiresApproval: false }],
    ['head', { readOnly: true, idempotent: true, destructive: false, requiresApproval: false }],
    ['options', { readOnly: true, idempotent: true, destructive: false, requiresApproval: false }],
    ['trace', { readOnly: true, idempotent: true, destructive: false, requiresApproval: false }],
    ['query', { readOnly: true, idempotent: true, destructive: false, requiresApproval: false }],
    ['post', { readOnly: false, idempotent: false, destructive: false, requiresApproval: true }],
    ['patch', { readOnly: false, idempotent: false, destructive: false, requiresApproval: true }],
    ['put', { readOnly: false, idempotent: true, destructive: false, requiresApproval: true }],
    ['delete', { readOnly: false, idempotent: true, destructive: true, requiresApproval: true }],
  ])('says what %s does', async (method, expected) => {
    const { annotations } = await readOperation(anOperation({}, { method }))

    expect(annotations).toMatchObject(expected)
    expect(annotations.approvalDescription).toBe(
      expected.requiresApproval ? `${method.toUpperCase()} /things` : undefined,
    )
  })

  it('tells deprecated operations', async () => {
    const { annotations } = await readOperation(anOperation({ deprecated: true }))

    expect(annotations.deprecated).toBe(true)
  })

  it("reads OpenAPI 3.2's additional operations as writing ones", async () => {
    const additionalOperations = { COPY: { operationId: 'copy' }, 'bad method': {} }
    const source = aDescription({ openapi: '3.2.0', paths: { '/a': { additionalOperations } } })

    const { binding, annotations } = await readOperation(source)

    expect(binding.method).toBe('COPY')
    expect(annotations.requiresApproval).toBe(true)
  })
})

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
})

describe('request bodies', () => {
  it('are one argument, required when the document says so', async () => {
    const requestBody = {
      required: true,
      description: 'A thing.',
      content: { 'application/json': { schema: { type: 'object' } } },
    }

    const { inputSchema, binding } = await readOperation(anOperation({ requestBody }))

    expect(inputSchema.properties).toEqual({ body: { type: 'object', description: 'A thing.' } })
    expect(inputSchema.required).toEqual(['body'])
    expect(binding.body).toEqual({ required: true, contents: [{ mediaType: 'application/json' }] })
  })

  it('offer their media types, the first one as default', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } }
    const content = {
      'application/json': { schema },
      'application/x-www-form-urlencoded': { schema },
      'application/xml': { schema },
    }

    const { inputSchema } = await readOperation(anOperation({ requestBody: { content } }))

    expect(inputSchema.properties.contentType).toEqual({
      type: 'string',
      enum: ['application/json', 'application/x-www-form-urlencoded', 'application/xml'],
      default: 'application/json',
      description: 'How the body is written.',
    })
    expect(inputSchema.properties.body).toEqual({
      anyOf: [schema, { type: 'string', description: 'The body as application/xml.' }],
    })
  })

  it('of bytes are given in base64', async () => {
    const content = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }

    const { inputSchema, binding } = await readOperation(
      anOperation({ requestBody: { required: true, content } }),
    )

    expect(inputSchema.properties.bodyBase64).toEqual({
      type: 'string',
      contentEncoding: 'base64',
      description: 'The bytes to send, in base64.',
    })
    expect(inputSchema.required).toEqual(['bodyBase64'])
    expect(binding.body?.contents).toEqual([
      { mediaType: 'application/octet-stream', binary: true },
    ])
  })

  it('of forms take files, whatever says that a field is one', async () => {
    const schema = {
      type: 'object',
      required: ['file'],
      properties: {
        name: { type: 'string' },
        file: { type: 'string', format: 'binary', description: 'The file.' },
        more: { type: 'array', items: { type: 'string', format: 'binary' } },
        image: {},
        inline: { type: 'string', contentEncoding: 'base64' },
      },
    }
    const encoding = {
      image: { contentType: 'image/png, image/jpeg' },
      name: { contentType: 'text/plain' },
    }
    const content = { 'multipart/form-data': { schema, encoding } }

    const { inputSchema, binding, definitions } = await readOperation(
      anOperation({ requestBody: { content } }, { openapi: '3.1.0' }),
    )

    const file = {
      anyOf: [{ $ref: '#/$defs/ToolFile' }, { type: 'string', contentEncoding: 'base64' }],
    }
    expect(binding.body?.contents).toEqual([
      { mediaType: 'multipart/form-data', encoding, files: ['file', 'more', 'image'] },
    ])
    expect(inputSchema.properties.body).toEqual({
      type: 'object',
      required: ['file'],
      properties: {
        name: { type: 'string' },
        file: { ...file, description: 'The file.' },
        more: { type: 'array', items: file },
        image: file,
        inline: { type: 'string', contentEncoding: 'base64' },
      },
    })
    expect(Object.keys(definitions)).toEqual(['ToolFile'])
  })

  it('that are lists of parts say how each is sent', async () => {
    const file = {
      anyOf: [{ $ref: '#/$defs/ToolFile' }, { type: 'string', contentEncoding: 'base64' }],
    }
    const schema = {
      type: 'array',
      minItems: 1,
      prefixItems: [{ type: 'object' }, { type: 'string', contentMediaType: 'image/png' }],
      items: { type: 'string' },
    }
    const headers = { 'Content-Disposition': { schema: { const: 'attachment' } } }
    const requestBody = {
      content: {
        'multipart/mixed': {
          schema,
          prefixEncoding: [{}, { contentType: 'image/png', headers }],
          itemEncoding: { contentType: 'text/csv' },
        },
        'multipart/related': { itemSchema: {}, itemEncoding: { contentType: 'image/*' } },
      },
    }

    const { inputSchema, binding } = await readOperation(
      anOperation({ requestBody }, { openapi: '3.2.0' }),
    )

    expect(binding.body?.contents).toEqual([
      {
        mediaType: 'multipart/mixed',
        parts: {
          first: [
            {},
            {
              contentType: 'image/png',
              headers: { 'Content-Disposition': 'attachment' },
              file: true,
            },
          ],
          other: { contentType: 'text/csv' },
        },
      },
      {
        mediaType: 'multipart/related',
        parts: { first: [], other: { contentType: 'image/*', file: true } },
      },
    ])
    expect(inputSchema.properties.body).toEqual({
      anyOf: [
        {
          type: 'array',
          minItems: 1,
          prefixItems: [{ type: 'object' }, file],
          items: { type: 'string' },
        },
        { type: 'array', items: file },
      ],
    })
  })

  it('that have parts within parts say how those are sent, but not without end', async () => {
    const image = { type: 'string', contentMediaType: 'image/png' }
    const list = { type: 'array', prefixItems: [{ type: 'object' }], items: image }
    const encoding = {
      list: {
        contentType: 'multipart/mixed',
        prefixEncoding: [{}],
        itemEncoding: { contentType: 'image/png' },
      },
      text: { contentType: 'multipart/mixed' },
    }
    let deep: object = { contentType: 'multipart/mixed' }
    for (let depth = 0; depth < 6; depth++)
      deep = { contentType: 'multipart/mixed', encoding: { again: deep } }
    const again = { type: 'object', properties: { again: { $ref: '#/components/schemas/Again' } } }
    const properties = { list, text: { type: 'string' }, again: again.properties.again }
    const requestBody = {
      content: {
        'multipart/form-data': {
          schema: { type: 'object', properties, required: ['list'] },
          encoding: { ...encoding, again: deep },
        },
      },
    }

    const { inputSchema, binding } = await readOperation(
      anOperation({ requestBody }, { openapi: '3.2.0', components: { schemas: { Again: again } } }),
    )

    const [content] = binding.body?.contents ?? []
    expect(content?.encoding?.list).toEqual({
      contentType: 'multipart/mixed',
      content: {
        mediaType: 'multipart/mixed',
        parts: { first: [{}], other: { contentType: 'image/png', file: true } },
      },
    })
    expect(content?.encoding?.text).toEqual({ contentType: 'multipart/mixed' })
    expect(JSON.stringify(content?.encoding?.again).match(/"content":/g)).toHaveLength(3)
    const file = {
      anyOf: [{ $ref: '#/$defs/ToolFile' }, { type: 'string', contentEncoding: 'base64' }],
    }
    expect(inputSchema.properties.body).toMatchObject({
      properties: { list: { type: 'array', prefixItems: [{ type: 'object' }], items: file } },
      required: ['list'],
    })
  })

  it('of forms find files in the components they are made of', async () => {
    const components = {
      schemas: {
        Upload: {
          allOf: [
            { $ref: '#/components/schemas/Base' },
            { properties: { note: { type: 'string' } } },
          ],
        },
        Base: {
          type: 'object',
          required: ['file'],
          properties: { file: { type: 'string', format: 'binary' } },
        },
        ToolFile: { type: 'string' },
      },
    }
    const content = { 'multipart/form-data': { schema: { $ref: '#/components/schemas/Upload' } } }

    const { inputSchema, binding } = await readOperation(
      anOperation({ requestBody: { content } }, { components }),
    )

    expect(binding.body?.contents[0]?.files).toEqual(['file'])
    expect(inputSchema.properties.body).toMatchObject({
      required: ['file'],
      properties: { file: { anyOf: [{ $ref: expect.stringMatching(/ToolFile_/) }, {}] }, note: {} },
    })
  })

  it('without any content are none', async () => {
    const { inputSchema, binding } = await readOperation(
      anOperation({ requestBody: { content: {} } }),
    )

    expect(inputSchema.properties).toEqual({})
    expect(binding.body).toBeUndefined()
  })
})

describe('servers', () => {
  it('are an argument where there is something to choose', async () => {
    const servers = [
      {
        url: 'https://{region}.example.com',
        variables: { region: { default: 'eu', enum: ['eu', 'us'] } },
      },
      { url: 'https://example.com/' },
    ]

    const { inputSchema, binding } = await readOperation(anOperation({ servers }))

    expect(inputSchema.properties.server).toMatchObject({
      properties: {
        url: { enum: ['https://{region}.example.com', 'https://example.com'] },
        variables: {
          properties: { region: { type: 'string', enum: ['eu', 'us'], default: 'eu' } },
        },
      },
    })
    expect(binding.servers).toEqual([
      {
        url: 'https://{region}.example.com',
        variables: { region: { default: 'eu', enum: ['eu', 'us'] } },
      },
      { url: 'https://example.com' },
    ])
  })

  it('of one address are none of the caller’s business', async () => {
    const { inputSchema, binding } = await readOperation(anOperation({}))

    expect(inputSchema.properties).toEqual({})
    expect(binding.servers).toBeUndefined()
  })

  it('of a path hold for its operations', async () => {
    const source = aDescription({
      paths: { '/a': { servers: [{ url: '../v2' }], get: { operationId: 'a' } } },
    })

    const { binding } = await readOperation(source, {
      url: 'https://example.com/docs/v1/openapi.json',
    })

    expect(binding.servers).toEqual([{ url: 'https://example.com/docs/v2' }])
  })
})

describe('answers', () => {
  const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })

  it.each<[string, Record<string, unknown>, unknown]>([
    [
      'one success',
      { 200: json({ type: 'string' }), 404: json({ type: 'number' }) },
      { type: 'string' },
    ],
    ['a range', { '2XX': json({ type: 'string' }) }, { type: 'string' }],
    ['only a default', { default: json({ type: 'string' }) }, { type: 'string' }],
    [
      'a default beside errors',
      { default: json({ type: 'string' }), 400: json({}) },
      { type: 'string' },
    ],
    ['no content', { 204: {} }, { type: 'null' }],
    [
      'content or none',
      { 200: json({ type: 'string' }), 204: {} },
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
    ],
    [
      'the same twice',
      { 200: json({ type: 'string' }), 201: json({ type: 'string' }) },
      { type: 'string' },
    ],
    ['a success without words', { 200: {} }, undefined],
    [
      'text',
      { 200: { content: { 'text/csv': {} } } },
      { type: 'string', description: 'Text, as text/csv.' },
    ],
    [
      'a stream',
      { 200: { content: { 'application/x-ndjson': { schema: { type: 'object' } } } } },
      { type: 'array', items: { type: 'object' } },
    ],
    [
      'JSON rather than what stands before it',
      {
        200: {
          content: { 'text/html': {}, 'application/hal+json': { schema: { type: 'object' } } },
        },
      },
      { type: 'object' },
    ],
    ['nothing at all', {}, undefined],
  ])('described by %s', async (_, responses, expected) => {
    expect((await readOperation(anOperation({ responses }))).outputSchema).toEqual(expected)
  })

  it('that are files say so', async () => {
    const responses = { 200: { content: { 'application/pdf': {} } } }

    const { outputSchema, description } = await readOperation(anOperation({ responses }))

    expect(outputSchema).toEqual({ $ref: '#/$defs/ToolFile' })
    expect(description).toContain('emit(result.data)')
  })

  it('are listed with their media types', async () => {
    const responses = { 200: json({}), '4xx': json({}), default: {}, 'x-note': {} }

    const { binding } = await readOperation(anOperation({ responses }))

    expect(binding.responses).toEqual([
      { status: '200', mediaTypes: ['application/json'] },
      { status: '4XX', mediaTypes: ['application/json'] },
      { status: 'default', mediaTypes: [] },
    ])
  })
})

describe('bindings', () => {
  it('send nothing that follows a "#", and start with a slash', async () => {
    const first = await readOperation(anOperation({}, { path: '/#Action=Run' }))
    const second = await readOperation(anOperation({}, { path: 'things' }))

    expect(first.binding.path).toBe('/')
    expect(second.binding.path).toBe('/things')
  })

  it('take a corrected path', async () => {
    const { binding } = await readOperation(
      anOperation({ 'x-executor-pathTemplate': '/v2/things' }),
    )

    expect(binding.path).toBe('/v2/things')
  })

  it('are what the contract says', async () => {
    const source = anOperation({
      parameters: [{ name: 'id', in: 'query' }],
      requestBody: {
        content: {
          'multipart/form-data': {
            schema: { properties: { f: { format: 'binary', type: 'string' } } },
          },
        },
      },
      responses: { 200: { content: { 'application/json': {} } } },
    })

    const { binding } = await readOperation(source)

    expect(OpenapiBinding.parse(binding)).toEqual(binding)
  })
})

describe('the words of later versions', () => {
  const withBody = (content: object, rest: { openapi?: string } = {}) =>
    readOperation(anOperation({ requestBody: { required: true, content } }, rest))

  it('gives multipart fields their style from 3.1 on', async () => {
    const schema = { type: 'object', properties: { tags: { type: 'array' } } }
    const content = {
      'multipart/form-data': { schema, encoding: { tags: { style: 'form', explode: false } } },
    }

    const before = await withBody(content)
    const now = await withBody(content, { openapi: '3.1.0' })

    expect(before.binding.body?.contents[0]?.encoding).toBeUndefined()
    expect(now.binding.body?.contents[0]?.encoding).toEqual({
      tags: { style: 'form', explode: false },
    })
  })

  it('takes headers of a multipart field as an argument, fixed ones as said', async () => {
    const schema = { type: 'object', properties: { file: { type: 'string' } } }
    const headers = {
      'X-Kind': { schema: { type: 'string', const: 'scan' } },
      'X-Pages': { schema: { type: 'integer' } },
      'Content-Type': { schema: { type: 'string' } },
      'X:Evil': { schema: { type: 'string' } },
    }
    const content = { 'multipart/form-data': { schema, encoding: { file: { headers } } } }

    const { binding, inputSchema } = await withBody(content)

    expect(binding.body?.contents[0]?.encoding).toEqual({
      file: { headers: { 'X-Kind': 'scan', 'X-Pages': null } },
    })
    expect(inputSchema.properties.bodyHeaders).toMatchObject({
      properties: {
        file: {
          properties: { 'X-Kind': { const: 'scan' }, 'X-Pages': { type: 'integer' } },
          additionalProperties: false,
        },
      },
    })
    expect(inputSchema.required).toEqual(['body'])
  })

  it('takes a form that is described by its file alone for one with a field', async () => {
    const schema = { type: 'string', format: 'binary' }

    const { binding, inputSchema } = await withBody({ 'multipart/form-data': { schema } })

    expect(binding.body?.contents).toEqual([{ mediaType: 'multipart/form-data', files: ['file'] }])
    expect(inputSchema.properties.body).toMatchObject({ required: ['file'] })
  })

  it('asks for no header that the connection sets', async () => {
    const length = { name: 'Content-Length', in: 'header', required: true, schema: {} }

    const { inputSchema } = await readOperation(anOperation({ parameters: [length] }))

    expect(inputSchema.required).toBeUndefined()
  })

  it('describes events as they are handed on, whichever version describes them', async () => {
    const data = { type: 'object', properties: { delta: { type: 'string' } } }
    const event = { properties: { data: { type: 'string', contentSchema: data } } }
    const answer = (media: object) =>
      readOperation(
        anOperation({ responses: { 200: { content: { 'text/event-stream': media } } } }),
      )

    const before = await answer({ schema: data })
    const now = await answer({ itemSchema: event })

    const items = {
      type: 'object',
      properties: { event: { type: 'string' }, id: { type: 'string' }, data },
      required: ['data'],
    }
    expect(before.outputSchema).toEqual({ type: 'array', items })
    expect(now.outputSchema).toEqual({ type: 'array', items })
  })

  it('takes a list for a body of one value after another', async () => {
    const itemSchema = { type: 'object' }

    const { inputSchema } = await withBody({ 'application/jsonl': { itemSchema } })

    expect(inputSchema.properties.body).toEqual({ type: 'array', items: { type: 'object' } })
  })

  it('takes the answer without a status for a success, but not beside a redirect', async () => {
    const schema = { type: 'object' }
    const fallback = { content: { 'application/json': { schema } } }
    const read = (responses: object) => readOperation(anOperation({ responses }))

    const alone = await read({ default: fallback, 404: {} })
    const redirecting = await read({ default: fallback, 302: {} })

    expect(alone.outputSchema).toEqual({ type: 'object' })
    expect(redirecting.outputSchema).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { anOperation, readOperation } from './fixtures.ts'

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

describe('request bodies in the words of later versions', () => {
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

  it('takes a list for a body of one value after another', async () => {
    const itemSchema = { type: 'object' }

    const { inputSchema } = await withBody({ 'application/jsonl': { itemSchema } })

    expect(inputSchema.properties.body).toEqual({ type: 'array', items: { type: 'object' } })
  })
})

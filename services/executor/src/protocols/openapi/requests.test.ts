import { type OpenapiContent, type OpenapiParameter, ToolFile } from '@executor/contracts'
import { afterAll, describe, expect, it } from 'vitest'
import { aParameter, call, egress } from '../test/fixtures.ts'
import { startUpstream } from '../test/upstream.ts'
import { createOpenapi } from './openapi.ts'

const openapi = createOpenapi()
afterAll(() => egress.close())

const LIST = ['blue', 'black']
const MAP = { R: 100, G: 200 }

describe('parameters on the wire', () => {
  it.each<[Partial<OpenapiParameter>, unknown, string]>([
    [{ in: 'path' }, 'a b/c', '/v/a%20b%2Fc'],
    [{ in: 'path' }, '../../admin', '/v/..%2F..%2Fadmin'],
    [{ in: 'path' }, 'caf\u00e9', '/v/caf%C3%A9'],
    [{ in: 'path' }, 'x?y=1#z', '/v/x%3Fy%3D1%23z'],
    [{ in: 'path' }, LIST, '/v/blue,black'],
    [{ in: 'path', explode: true }, MAP, '/v/R=100,G=200'],
    [{ in: 'path', style: 'label' }, LIST, '/v/.blue,black'],
    [{ in: 'path', style: 'label', explode: true }, MAP, '/v/.R=100.G=200'],
    [{ in: 'path', style: 'matrix' }, LIST, '/v/;color=blue,black'],
    [{ in: 'path', style: 'matrix', explode: true }, LIST, '/v/;color=blue;color=black'],
    [{ in: 'path', style: 'matrix', explode: true }, MAP, '/v/;R=100;G=200'],
    [{ in: 'path', allowReserved: true }, 'a/b', '/v/a/b'],
    [
      { in: 'path', contentType: 'application/json' },
      MAP,
      '/v/%7B%22R%22%3A100%2C%22G%22%3A200%7D',
    ],
    [{ in: 'query' }, LIST, '/v?color=blue&color=black'],
    [{ in: 'query', explode: false }, LIST, '/v?color=blue,black'],
    [{ in: 'query' }, MAP, '/v?R=100&G=200'],
    [{ in: 'query', style: 'spaceDelimited', explode: false }, LIST, '/v?color=blue%20black'],
    [{ in: 'query', style: 'pipeDelimited' }, LIST, '/v?color=blue%7Cblack'],
    [{ in: 'query', style: 'deepObject' }, { a: { b: [1] } }, '/v?color%5Ba%5D%5Bb%5D%5B%5D=1'],
    [{ in: 'query', name: 'ids[]' }, [1, 2], '/v?ids%5B%5D=1&ids%5B%5D=2'],
    [{ in: 'query', allowReserved: true }, 'a/b:c', '/v?color=a/b:c'],
    [{ in: 'query', contentType: 'application/json' }, [1], '/v?color=%5B1%5D'],
    [{ in: 'query' }, '', '/v?color='],
    [{ in: 'query' }, [], '/v'],
    [{ in: 'query' }, null, '/v'],
    [{ in: 'query' }, 'a&b=c', '/v?color=a%26b%3Dc'],
  ])('%j with %j is %s', async (parameter, value, expected) => {
    await using upstream = await startUpstream()
    const planned = aParameter(parameter)
    const path = parameter.in === 'path' ? '/v/{color}' : '/v'

    await call(openapi, {
      origin: upstream.origin,
      binding: { path, parameters: [planned] },
      args: { [planned.argument]: value },
    })

    expect(upstream.wire.path).toBe(expected)
  })

  it.each<[Partial<OpenapiParameter>, unknown, Record<string, string>]>([
    [{ in: 'header', name: 'X-Color' }, 'blue', { 'x-color': 'blue' }],
    [{ in: 'header', name: 'X-Color' }, 'a b/%', { 'x-color': 'a b/%' }],
    [{ in: 'header', name: 'X-Color' }, LIST, { 'x-color': 'blue,black' }],
    [{ in: 'header', name: 'X-Color' }, MAP, { 'x-color': 'R,100,G,200' }],
    [{ in: 'header', name: 'X-Color', explode: true }, MAP, { 'x-color': 'R=100,G=200' }],
    [
      { in: 'header', name: 'X-Color', contentType: 'application/json' },
      MAP,
      { 'x-color': '{"R":100,"G":200}' },
    ],
    [{ in: 'header', name: 'X-Color' }, 'caf\u00e9', { 'x-color': 'caf\u00c3\u00a9' }],
    [
      { in: 'header', name: 'Accept' },
      'application/vnd.x+json',
      { accept: 'application/vnd.x+json' },
    ],
    [{ in: 'cookie' }, 'blue', { cookie: 'color=blue' }],
    [{ in: 'cookie' }, 'a;b', { cookie: 'color=a%3Bb' }],
    [{ in: 'cookie' }, LIST, { cookie: 'color=blue; color=black' }],
    [{ in: 'cookie', explode: false }, LIST, { cookie: 'color=blue,black' }],
  ])('%j with %j is %j', async (parameter, value, expected) => {
    await using upstream = await startUpstream()
    const planned = aParameter(parameter)

    await call(openapi, {
      origin: upstream.origin,
      binding: { parameters: [planned] },
      args: { [planned.argument]: value },
    })

    expect(upstream.wire.headers).toMatchObject(expected)
  })

  it.each<[string, Partial<OpenapiParameter>, unknown]>([
    ['an empty path value', { in: 'path' }, ''],
    ['a missing path value', { in: 'path' }, undefined],
    ['an empty list in the path', { in: 'path' }, []],
    ['one dot', { in: 'path' }, '.'],
    ['two dots', { in: 'path' }, '..'],
    ['two dots among reserved characters', { in: 'path', allowReserved: true }, 'a/../../b'],
    ['encoded dots among reserved characters', { in: 'path', allowReserved: true }, 'a/%2e%2E/b'],
    ['a line break in a header', { in: 'header' }, 'a\r\nx-injected: 1'],
    ['a NUL in a header', { in: 'header' }, 'a\0'],
  ])('%s is refused, and nothing is sent', async (_name, parameter, value) => {
    await using upstream = await startUpstream()

    const { result } = await call(openapi, {
      origin: upstream.origin,
      binding: {
        path: parameter.in === 'path' ? '/v/{color}/x' : '/v',
        parameters: [aParameter(parameter)],
      },
      args: value === undefined ? {} : { color: value },
    })

    expect(result).toMatchObject({
      ok: false,
      error: { code: 'invalid_tool_arguments', message: expect.stringContaining('"color"') },
    })
    expect(upstream.wires).toEqual([])
  })

  it('never replaces headers that frame the message or carry the credential', async () => {
    await using upstream = await startUpstream()
    const names = ['Host', 'Content-Length', 'Transfer-Encoding', 'Authorization', 'Connection']

    await call(openapi, {
      origin: upstream.origin,
      binding: { parameters: names.map((name) => aParameter({ in: 'header', name })) },
      args: Object.fromEntries(names.map((name) => [name, 'evil'])),
    })

    expect(JSON.stringify(upstream.wire.headers)).not.toContain('evil')
  })

  it('does not read arguments that only every object has', async () => {
    await using upstream = await startUpstream()

    await call(openapi, {
      origin: upstream.origin,
      binding: {
        parameters: [aParameter({ name: 'constructor' }), aParameter({ name: 'toString' })],
      },
    })

    expect(upstream.wire.path).toBe('/things')
  })

  it('writes the operation, the integration and the credential in that order', async () => {
    await using upstream = await startUpstream()

    await call(openapi, {
      origin: `${upstream.origin}/base/?fixed=1`,
      binding: {
        path: '/a b/{id}.json',
        parameters: [aParameter({ in: 'path', name: 'id' }), aParameter({ name: 'q' })],
      },
      config: { queryParams: { version: '2 3', q: 'unused' }, headers: { 'X-Client': 'executor' } },
      args: { id: 7, q: 'x' },
    })

    expect(upstream.wire.line).toBe('GET /base/a%20b/7.json?fixed=1&q=x&version=2%203 HTTP/1.1')
    expect(upstream.wire.headers).toMatchObject({
      'x-client': 'executor',
      'user-agent': 'executor',
    })
  })

  it.each([
    ['/#Action=Describe', '/?a=1'],
    ['/?Action=Describe', '/?Action=Describe&a=1'],
    ["/users('{id}')/x:y", "/users('7')/x:y?a=1"],
    ['/{+id}/x', '/7/x?a=1'],
    ['/caf\u00e9', '/caf%C3%A9?a=1'],
  ])('sends the path %s as %s', async (path, expected) => {
    await using upstream = await startUpstream()
    const parameters = [aParameter({ in: 'path', name: 'id' }), aParameter({ name: 'a' })]

    await call(openapi, {
      origin: upstream.origin,
      binding: { path, parameters },
      args: { id: 7, a: 1 },
    })

    expect(upstream.wire.path).toBe(expected)
  })

  it('asks for what the description promises', async () => {
    await using upstream = await startUpstream()
    const responses = [
      { status: '200', mediaTypes: ['text/csv', 'application/vnd.github+json'] },
      { status: '404', mediaTypes: ['application/problem+json'] },
    ]

    await call(openapi, { origin: upstream.origin, binding: { responses } })

    expect(upstream.wire.headers.accept).toBe('application/vnd.github+json, text/csv, */*;q=0.5')
  })
})

const PNG: ToolFile = ToolFile.parse({
  _tag: 'ToolFile',
  name: 'dot "1".png',
  mimeType: 'image/png',
  encoding: 'base64',
  data: 'iVBORw==',
  byteLength: 4,
})

describe('bodies on the wire', () => {
  it.each<[string, OpenapiContent, object, string, string]>([
    [
      'JSON',
      { mediaType: 'application/json' },
      { body: { a: [1, null] } },
      'application/json',
      '{"a":[1,null]}',
    ],
    ['JSON text', { mediaType: 'application/json' }, { body: 'x' }, 'application/json', '"x"'],
    [
      'vendor JSON',
      { mediaType: 'application/vnd.api+json' },
      { body: {} },
      'application/vnd.api+json',
      '{}',
    ],
    [
      'JSON with a charset',
      { mediaType: 'application/json; charset=utf-8' },
      { body: 1 },
      'application/json; charset=utf-8',
      '1',
    ],
    ['any type', { mediaType: '*/*' }, { body: { a: 1 } }, 'application/json', '{"a":1}'],
    [
      'a form',
      { mediaType: 'application/x-www-form-urlencoded' },
      { body: { a: 'x y&z', b: [1, 2], c: { d: 1 }, e: null } },
      'application/x-www-form-urlencoded',
      'a=x+y%26z&b=1&b=2&c=%7B%22d%22%3A1%7D',
    ],
    [
      'a form with deep objects',
      {
        mediaType: 'application/x-www-form-urlencoded',
        encoding: { c: { style: 'deepObject', explode: true } },
      },
      { body: { c: { d: { e: 'f g' }, h: [1] } } },
      'application/x-www-form-urlencoded',
      'c%5Bd%5D%5Be%5D=f+g&c%5Bh%5D%5B%5D=1',
    ],
    [
      'a form with a joined list',
      { mediaType: 'application/x-www-form-urlencoded', encoding: { b: { explode: false } } },
      { body: { b: [1, 2] } },
      'application/x-www-form-urlencoded',
      'b=1,2',
    ],
    [
      'a form with JSON in it',
      {
        mediaType: 'application/x-www-form-urlencoded',
        encoding: { b: { contentType: 'application/json' } },
      },
      { body: { b: [1] } },
      'application/x-www-form-urlencoded',
      'b=%5B1%5D',
    ],
    ['text', { mediaType: 'text/plain' }, { body: 'caf\u00e9' }, 'text/plain', 'caf\u00e9'],
    ['XML', { mediaType: 'application/xml' }, { body: '<a/>' }, 'application/xml', '<a/>'],
    [
      'lines',
      { mediaType: 'application/x-ndjson' },
      { body: [{ a: 1 }, 2] },
      'application/x-ndjson',
      '{"a":1}\n2\n',
    ],
    [
      'bytes',
      { mediaType: 'application/octet-stream', binary: true },
      { bodyBase64: 'aGk=' },
      'application/octet-stream',
      'hi',
    ],
    [
      'bytes as base64url with breaks',
      { mediaType: 'application/octet-stream', binary: true },
      { bodyBase64: 'aGk\n=' },
      'application/octet-stream',
      'hi',
    ],
    [
      'a file',
      { mediaType: 'application/octet-stream', binary: true },
      { body: { ...PNG, data: 'aGk=' } },
      'image/png',
      'hi',
    ],
    [
      'a file of a fixed type',
      { mediaType: 'image/jpeg', binary: true },
      { body: { ...PNG, data: 'aGk=' } },
      'image/jpeg',
      'hi',
    ],
    [
      'a data URL',
      { mediaType: '*/*', binary: true },
      { bodyBase64: 'data:image/gif;base64,aGk=' },
      'image/gif',
      'hi',
    ],
  ])('sends %s', async (_name, content, args, contentType, body) => {
    await using upstream = await startUpstream()

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents: [content] } },
      args: { ...args },
    })

    expect(upstream.wire.headers['content-type']).toBe(contentType)
    expect(upstream.wire.body.toString()).toBe(body)
  })

  it.each([
    ['application/x-www-form-urlencoded', { a: 'b c', d: [1, 2] }, 'a=b+c&d=1&d=2'],
    ['application/json', { a: 'b c' }, '%7B%22a%22%3A%22b%20c%22%7D'],
    ['text/plain', 'a=b&c', 'a%3Db%26c'],
  ])('writes a whole query as %s', async (contentType, query, expected) => {
    await using upstream = await startUpstream()
    const parameters = [
      aParameter({ in: 'querystring', name: 'filter', contentType }),
      aParameter({ name: 'page' }),
    ]

    await call(openapi, {
      origin: upstream.origin,
      binding: { parameters },
      args: { filter: query, page: 2 },
    })

    expect(upstream.wire.path).toBe(`/things?page=2&${expected}`)
  })

  it('writes records as RFC 7464 separates them', async () => {
    await using upstream = await startUpstream()
    const contents = [{ mediaType: 'application/json-seq' }]

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents } },
      args: { body: [{ a: 1 }, 'x'] },
    })

    expect(upstream.wire.body.toString()).toBe('\u001e{"a":1}\n\u001e"x"\n')
  })

  it('writes multipart fields in their style, and sends headers with their part', async () => {
    await using upstream = await startUpstream()
    const content = {
      mediaType: 'multipart/form-data',
      encoding: {
        list: { style: 'form', explode: false },
        object: { style: 'form', explode: true },
        deep: { style: 'deepObject' },
        file: { headers: { 'X-Kind': 'plain', 'X-Lang': null, 'X-Unsaid': null } },
      },
    }

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents: [content] } },
      args: {
        body: { list: ['a b', 'c'], object: { k: 'ü', l: 2 }, deep: { m: '=' }, file: 'x' },
        bodyHeaders: { file: { 'X-Lang': 'en\r\nX-Evil: 1' } },
      },
    })

    const boundary = /boundary=(\S+)$/.exec(upstream.wire.headers['content-type'] ?? '')?.[1]
    expect(upstream.wire.body.toString().replaceAll(String(boundary), 'B')).toBe(
      [
        '--B\r\nContent-Disposition: form-data; name="list"\r\n\r\na b,c\r\n',
        '--B\r\nContent-Disposition: form-data; name="k"\r\n\r\nü\r\n',
        '--B\r\nContent-Disposition: form-data; name="l"\r\n\r\n2\r\n',
        '--B\r\nContent-Disposition: form-data; name="deep[m]"\r\n\r\n=\r\n',
        '--B\r\nContent-Disposition: form-data; name="file"\r\nX-Kind: plain\r\nX-Lang: enX-Evil: 1\r\n\r\nx\r\n',
        '--B--\r\n',
      ].join(''),
    )
  })

  it('sends a multipart form with files and types per part', async () => {
    await using upstream = await startUpstream()
    const content = {
      mediaType: 'multipart/form-data',
      files: ['raw'],
      encoding: {
        meta: { contentType: 'application/json' },
        raw: { contentType: 'text/csv, text/*' },
      },
    }

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents: [content] } },
      args: {
        body: {
          title: 'x"y\r\n',
          tags: ['a', 'b'],
          meta: { k: 1 },
          object: { n: 2 },
          image: PNG,
          raw: 'aGk=',
          none: null,
        },
      },
    })

    const boundary = /boundary=(\S+)$/.exec(upstream.wire.headers['content-type'] ?? '')?.[1]
    expect(upstream.wire.body.toString('latin1').replaceAll(String(boundary), 'B')).toBe(
      [
        '--B\r\nContent-Disposition: form-data; name="title"\r\n\r\nx"y\r\n\r\n',
        '--B\r\nContent-Disposition: form-data; name="tags"\r\n\r\na\r\n',
        '--B\r\nContent-Disposition: form-data; name="tags"\r\n\r\nb\r\n',
        '--B\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{"k":1}\r\n',
        '--B\r\nContent-Disposition: form-data; name="object"\r\nContent-Type: application/json\r\n\r\n{"n":2}\r\n',
        '--B\r\nContent-Disposition: form-data; name="image"; filename="dot %221%22.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n',
        '--B\r\nContent-Disposition: form-data; name="raw"; filename="raw"\r\nContent-Type: text/csv\r\n\r\nhi\r\n',
        '--B--\r\n',
      ].join(''),
    )
  })

  it('sends related parts without names', async () => {
    await using upstream = await startUpstream()

    await call(openapi, {
      origin: upstream.origin,
      binding: {
        method: 'POST',
        body: { required: true, contents: [{ mediaType: 'multipart/related' }] },
      },
      args: { body: { metadata: { name: 'x' }, media: { ...PNG, data: 'aGk=' } } },
    })

    expect(upstream.wire.body.toString()).toMatch(
      /^--.+\r\nContent-Type: application\/json\r\n\r\n{"name":"x"}\r\n--.+\r\nContent-Type: image\/png\r\n\r\nhi\r\n--.+--\r\n$/,
    )
  })

  it('sends a list as parts, in its order', async () => {
    await using upstream = await startUpstream()
    const first = [{ headers: { 'X-Kind': 'meta', 'X-Open': null } }, { file: true }]
    const parts = { first, other: { contentType: 'image/*' } }
    const contents = [{ mediaType: 'multipart/mixed', parts }]

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents } },
      args: { body: [{ n: [1] }, 'aGk=', { ...PNG, data: 'aGk=' }, 'text', [1, 2]] },
    })

    const type = upstream.wire.headers['content-type'] ?? ''
    const boundary = /^multipart\/mixed; boundary=(\S+)$/.exec(type)?.[1]
    expect(upstream.wire.body.toString().replaceAll(String(boundary), 'B')).toBe(
      [
        '--B\r\nContent-Type: application/json\r\nX-Kind: meta\r\n\r\n{"n":[1]}\r\n',
        '--B\r\nContent-Type: application/octet-stream\r\n\r\nhi\r\n',
        '--B\r\nContent-Type: image/png\r\n\r\nhi\r\n',
        '--B\r\n\r\ntext\r\n',
        '--B\r\nContent-Type: application/json\r\n\r\n[1,2]\r\n',
        '--B--\r\n',
      ].join(''),
    )
  })

  it('gives parts of a form that is a list the names it describes', async () => {
    await using upstream = await startUpstream()
    const headers = { 'Content-Disposition': 'form-data; name="tag"' }
    const contents = [
      { mediaType: 'multipart/form-data', parts: { first: [], other: { headers } } },
    ]

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents } },
      args: { body: ['a', 'b'] },
    })

    expect(upstream.wire.body.toString()).toMatch(
      /^--.+\r\nContent-Disposition: form-data; name="tag"\r\n\r\na\r\n--.+\r\nContent-Disposition: form-data; name="tag"\r\n\r\nb\r\n--.+--\r\n$/,
    )
  })

  it('sends parts within parts, of fields and of lists', async () => {
    await using upstream = await startUpstream()
    const inner: OpenapiContent = {
      mediaType: 'multipart/mixed',
      parts: { first: [{}], other: { file: true } },
    }
    const outer: OpenapiContent = {
      mediaType: 'multipart/related',
      encoding: { list: { contentType: 'multipart/mixed', content: inner } },
    }
    const contents = [
      {
        mediaType: 'multipart/form-data',
        encoding: { deep: { contentType: 'multipart/related', content: outer } },
      },
    ]

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents } },
      args: { body: { note: 'x', deep: { list: [{ n: 1 }, 'aGk='] } } },
    })

    const boundaries = [
      ...upstream.wire.body.toString().matchAll(/multipart\/(\w+); boundary=(\S+)/g),
    ]
    const text = boundaries.reduce(
      (body, [, kind, boundary]) => body.replaceAll(String(boundary), String(kind)),
      upstream.wire.body.toString(),
    )
    expect(text.replaceAll(/----executor-[0-9a-f-]{36}/g, 'form')).toBe(
      [
        '--form\r\nContent-Disposition: form-data; name="note"\r\n\r\nx\r\n',
        '--form\r\nContent-Disposition: form-data; name="deep"\r\n',
        'Content-Type: multipart/related; boundary=related\r\n\r\n',
        '--related\r\nContent-Type: multipart/mixed; boundary=mixed\r\n\r\n',
        '--mixed\r\nContent-Type: application/json\r\n\r\n{"n":1}\r\n',
        '--mixed\r\nContent-Type: application/octet-stream\r\n\r\nhi\r\n--mixed--\r\n',
        '\r\n--related--\r\n',
        '\r\n--form--\r\n',
      ].join(''),
    )
  })

  it('sends what describes related files before the files', async () => {
    await using upstream = await startUpstream()
    const contents = [{ mediaType: 'multipart/related', files: ['media'] }]

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents } },
      args: { body: { media: 'aGk=', metadata: { name: 'x' } } },
    })

    expect(upstream.wire.body.toString()).toMatch(
      /^--.+\r\nContent-Type: application\/json\r\n\r\n{"name":"x"}\r\n--.+\r\nContent-Type: application\/octet-stream\r\n\r\nhi\r\n--.+--\r\n$/,
    )
  })

  it('lets contentType choose among media types', async () => {
    await using upstream = await startUpstream()
    const contents = [{ mediaType: 'application/json' }, { mediaType: 'text/plain' }]
    const binding = { method: 'POST', body: { required: true, contents } }

    await call(openapi, {
      origin: upstream.origin,
      binding,
      args: { body: 'x', contentType: 'text/plain' },
    })
    const { result } = await call(openapi, {
      origin: upstream.origin,
      binding,
      args: { body: 'x', contentType: 'image/png' },
    })

    expect(upstream.wire.headers['content-type']).toBe('text/plain')
    expect(result).toMatchObject({
      error: {
        code: 'invalid_tool_arguments',
        message: '"contentType" must be one of application/json, text/plain.',
      },
    })
  })

  it('takes the media type that the argument is for', async () => {
    await using upstream = await startUpstream()
    const contents = [
      { mediaType: 'application/json' },
      { mediaType: 'application/octet-stream', binary: true },
    ]

    await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents } },
      args: { bodyBase64: 'aGk=' },
    })

    expect(upstream.wire.headers['content-type']).toBe('application/octet-stream')
    expect(upstream.wire.body.toString()).toBe('hi')
  })

  it('sends no body where none is given and none is needed', async () => {
    await using upstream = await startUpstream()

    await call(openapi, {
      origin: upstream.origin,
      binding: {
        method: 'POST',
        body: { required: false, contents: [{ mediaType: 'application/json' }] },
      },
    })

    expect(upstream.wire.headers['content-type']).toBeUndefined()
    expect(upstream.wire.headers['content-length']).toBe('0')
  })

  it.each<[string, OpenapiContent, object]>([
    ['no body where one is needed', { mediaType: 'application/json' }, {}],
    [
      'base64 that is none',
      { mediaType: 'application/octet-stream', binary: true },
      { bodyBase64: 'a*b' },
    ],
    ['a form that is a list', { mediaType: 'application/x-www-form-urlencoded' }, { body: [] }],
    ['XML that is an object', { mediaType: 'application/xml' }, { body: {} }],
    [
      'a file field that is no file',
      { mediaType: 'multipart/form-data', files: ['f'] },
      { body: { f: 'a b*' } },
    ],
    [
      'a ToolFile without data',
      { mediaType: 'multipart/form-data' },
      { body: { f: { _tag: 'ToolFile' } } },
    ],
    [
      'an object for a list of parts',
      { mediaType: 'multipart/mixed', parts: { first: [], other: {} } },
      { body: { f: 'x' } },
    ],
  ])('refuses %s', async (_name, content, args) => {
    await using upstream = await startUpstream()

    const { result } = await call(openapi, {
      origin: upstream.origin,
      binding: { method: 'POST', body: { required: true, contents: [content] } },
      args: { ...args },
    })

    expect(result).toMatchObject({ ok: false, error: { code: 'invalid_tool_arguments' } })
    expect(upstream.wires).toEqual([])
  })
})

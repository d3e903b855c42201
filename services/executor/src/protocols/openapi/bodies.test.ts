import type { OpenapiContent } from '@executor/contracts'
import { afterAll, describe, expect, it } from 'vitest'
import { call, egress, PNG } from '../test/fixtures.ts'
import { startUpstream } from '../test/upstream.ts'
import { createOpenapi } from './openapi.ts'

const openapi = createOpenapi()
afterAll(() => egress.close())

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

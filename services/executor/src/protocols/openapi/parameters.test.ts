import type { OpenapiParameter } from '@executor/contracts'
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
})

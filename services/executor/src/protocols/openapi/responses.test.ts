import { afterAll, describe, expect, it } from 'vitest'
import { aMethod, call, egress } from '../test/fixtures.ts'
import { json, NO_CONTENT, reply, startUpstream } from '../test/upstream.ts'
import { createOpenapi } from './openapi.ts'

const openapi = createOpenapi()
afterAll(() => egress.close())

const JSON_EXPECTED = { responses: [{ status: '2XX', mediaTypes: ['application/json'] }] }
const BYTES = Buffer.from([0, 1, 0xfe, 0xff])

describe('successes', () => {
  it.each<[string, string | Buffer, unknown]>([
    ['JSON', json({ a: [1, null, '\u00e9'] }), { a: [1, null, '\u00e9'] }],
    ['a JSON scalar', json('x'), 'x'],
    [
      'vendor JSON',
      reply(200, { 'content-type': 'application/hal+json; charset=utf-8' }, '{"a":1}'),
      { a: 1 },
    ],
    [
      'JSON with a mark and spaces',
      reply(200, { 'content-type': 'application/json' }, '\uFEFF {"a":1}\n'),
      { a: 1 },
    ],
    [
      'JSON in UTF-16',
      reply(200, { 'content-type': 'application/json' }, Buffer.from('\uFEFF{"a":1}', 'utf16le')),
      { a: 1 },
    ],
    ['JSON without a type', reply(200, {}, '{"a":1}'), { a: 1 }],
    [
      'JSON called bytes',
      reply(200, { 'content-type': 'application/octet-stream' }, '{"a":1}'),
      { a: 1 },
    ],
    ['JSON called text', reply(200, { 'content-type': 'text/plain' }, '{"a":1}'), { a: 1 }],
    ['text where JSON was promised', reply(200, { 'content-type': 'text/plain' }, 'OK'), 'OK'],
    ['nothing', NO_CONTENT, null],
    ['an empty body', reply(200, { 'content-type': 'application/json' }), null],
    ['not modified', 'HTTP/1.1 304 Not Modified\r\n\r\n', null],
    [
      'latin-1',
      reply(200, { 'content-type': 'text/plain; charset=iso-8859-1' }, Buffer.from([0xe9])),
      '\u00e9',
    ],
    ['XML', reply(200, { 'content-type': 'application/xml' }, '<a/>'), '<a/>'],
  ])('hand on %s', async (_name, answer, data) => {
    await using upstream = await startUpstream(answer)

    const { result } = await call(openapi, { origin: upstream.origin, binding: JSON_EXPECTED })

    expect(result).toMatchObject({ ok: true, data })
  })

  it('hand on HTML where nothing else was promised', async () => {
    await using upstream = await startUpstream(reply(200, { 'content-type': 'text/html' }, '<p>'))

    const { result } = await call(openapi, { origin: upstream.origin })

    expect(result).toMatchObject({ ok: true, data: '<p>' })
  })

  it('keep the digits of numbers that JavaScript has no room for', async () => {
    const text = '{"id":12345678901234567890,"price":1.10}'
    await using upstream = await startUpstream(
      reply(200, { 'content-type': 'application/json' }, text),
    )

    const { answer } = await call(openapi, { origin: upstream.origin })

    expect(answer.json).toContain(`"data":${text}`)
  })

  it.each([
    ['attachment; filename="a b.pdf"', 'a b.pdf'],
    ["attachment; filename=x.pdf; filename*=UTF-8''caf%C3%A9.pdf", 'caf\u00e9.pdf'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ['inline', undefined],
  ])('turn bytes into files (%s)', async (disposition, name) => {
    const headers = { 'content-type': 'application/pdf', 'content-disposition': disposition }
    await using upstream = await startUpstream(reply(200, headers, BYTES))

    const { result } = await call(openapi, { origin: upstream.origin })

    expect(result).toMatchObject({
      ok: true,
      data: {
        _tag: 'ToolFile',
        ...(name === undefined ? {} : { name }),
        mimeType: 'application/pdf',
        encoding: 'base64',
        data: 'AAH+/w==',
        byteLength: 4,
      },
    })
  })

  it('hand on useful headers and no cookies', async () => {
    const headers = {
      'content-type': 'application/json',
      link: '<http://x/2>; rel="next"',
      etag: '"1"',
      'x-ratelimit-remaining': '9',
      'set-cookie': 'sid=1',
      'strict-transport-security': 'max-age=1',
    }
    await using upstream = await startUpstream(reply(200, headers, '{}'))

    const { answer, result } = await call(openapi, { origin: upstream.origin })

    expect(result).toMatchObject({ http: { status: 200 } })
    expect(result.http?.headers).toEqual({
      'content-type': 'application/json',
      link: '<http://x/2>; rel="next"',
      etag: '"1"',
      'x-ratelimit-remaining': '9',
    })
    expect(answer).toMatchObject({ ok: true, httpStatus: 200, outcomeUnknown: false })
  })

  it('read the events of a stream', async () => {
    const events =
      ': hello\n\nevent: delta\nid: 1\ndata: {"a":1}\n\ndata: x\ndata: y\n\ndata: [DONE]\n\n'
    await using upstream = await startUpstream(
      reply(200, { 'content-type': 'text/event-stream' }, events),
    )

    const { result } = await call(openapi, { origin: upstream.origin })

    expect(result).toMatchObject({
      ok: true,
      data: [{ event: 'delta', id: '1', data: { a: 1 } }, { data: 'x\ny' }, { data: '[DONE]' }],
    })
  })

  it('read the lines of a stream', async () => {
    const headers = { 'content-type': 'application/x-ndjson' }
    await using upstream = await startUpstream(
      reply(200, headers, '{"a":1}\r\n\n{"a":12345678901234567890}'),
    )

    const { answer } = await call(openapi, { origin: upstream.origin })

    expect(answer.json).toContain('"data":[{"a":1},{"a":12345678901234567890}]')
  })

  it('read a million bytes of a stream that does not end', async () => {
    const line = `${JSON.stringify({ text: 'x'.repeat(989) })}\n`
    await using upstream = await startUpstream((_wire, socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n\r\n')
      socket.write(line.repeat(1500))
      return undefined
    })

    const { result } = await call(openapi, { origin: upstream.origin })

    expect(result).toMatchObject({
      ok: true,
      http: { headers: { 'x-executor-stream-truncated': 'bytes' } },
    })
    expect(result.ok && (result.data as unknown[]).length).toBe(999)
  })
})

describe('answers that are not what they should be', () => {
  it.each<[string, string | Buffer]>([
    ['JSON that is cut', reply(200, { 'content-type': 'application/json' }, '{"a":')],
    ['text called JSON', reply(200, { 'content-type': 'application/json' }, 'OK')],
    [
      'JSON in broken UTF-8',
      reply(200, { 'content-type': 'application/json' }, Buffer.from([0x22, 0xff, 0x22])),
    ],
    ['HTML', reply(200, { 'content-type': 'text/html' }, '<html>login</html>')],
    ['cut JSON called text', reply(200, { 'content-type': 'text/plain' }, '{"a":')],
    ['text without a type', reply(200, {}, 'hello')],
    ['broken lines', reply(200, { 'content-type': 'application/x-ndjson' }, '{"a":1}\n{')],
    [
      'compression that is none',
      reply(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }, '{}'),
    ],
    ['something else than HTTP', 'hello\r\n\r\n'],
  ])('are failures: %s', async (_name, answer) => {
    await using upstream = await startUpstream(answer)

    const { result } = await call(openapi, { origin: upstream.origin, binding: JSON_EXPECTED })

    expect(result).toMatchObject({ ok: false, error: { code: 'upstream_invalid_response' } })
  })

  it('may come as more than we take', async () => {
    await using upstream = await startUpstream(
      'HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n',
    )

    const { result } = await call(openapi, { origin: upstream.origin })

    expect(result).toMatchObject({ ok: false, error: { code: 'upstream_response_too_large' } })
  })

  it.each([
    ['GET', true, false],
    ['POST', false, true],
  ])('may not come at all: %s', async (method, retryable, outcomeUnknown) => {
    await using upstream = await startUpstream((_wire, socket) => {
      socket.destroy()
      return undefined
    })

    const { answer, result } = await call(openapi, { origin: upstream.origin, binding: { method } })

    expect(result).toMatchObject({
      ok: false,
      error: { code: 'upstream_connection_lost', retryable },
    })
    expect(answer.outcomeUnknown).toBe(outcomeUnknown)
  })

  it('may never have been asked for: a closed port, a blocked address, a cancelled call', async () => {
    const binding = { method: 'POST' }
    const refused = await call(openapi, { origin: 'http://127.0.0.1:1', binding })
    const blocked = await call(openapi, { origin: 'http://169.254.169.254', binding })
    const cancelled = await call(openapi, {
      origin: 'http://127.0.0.1:1',
      binding,
      signal: AbortSignal.abort(),
    })

    expect(refused.result).toMatchObject({
      error: { code: 'upstream_unreachable', retryable: true },
    })
    expect(blocked.result).toMatchObject({ error: { code: 'egress_blocked', retryable: false } })
    expect(cancelled.result).toMatchObject({ error: { code: 'cancelled' } })
    expect([refused, blocked, cancelled].map(({ answer }) => answer.outcomeUnknown)).toEqual([
      false,
      false,
      false,
    ])
  })
})

describe('refusals', () => {
  it.each([
    [{ message: 'Not Found' }, 'GET /things answered 404: Not Found.'],
    [{ error: { message: 'no such thing' } }, 'GET /things answered 404: no such thing.'],
    [{ errors: [{ detail: 'gone' }] }, 'GET /things answered 404: gone.'],
    [{ title: 'T', status: 404 }, 'GET /things answered 404: T.'],
    [{ strange: true }, 'GET /things answered 404.'],
  ])('say what the upstream said: %j', async (body, message) => {
    await using upstream = await startUpstream(json(body, 404))

    const { answer, result } = await call(openapi, { origin: upstream.origin })

    expect(result).toEqual({
      ok: false,
      error: { code: 'upstream_http_error', message, status: 404, details: body, retryable: false },
    })
    expect(answer.httpStatus).toBe(404)
  })

  it('carry text and HTML as they are', async () => {
    await using upstream = await startUpstream(
      reply(502, { 'content-type': 'text/html' }, '<h1>Bad</h1>'),
    )

    const { result } = await call(openapi, { origin: upstream.origin })

    expect(result).toMatchObject({
      error: { message: 'GET /things answered 502.', details: '<h1>Bad</h1>', retryable: true },
    })
  })

  it.each([401, 403])('of the credential are told as such: %i', async (status) => {
    await using upstream = await startUpstream(json({ message: 'Bad credentials' }, status))

    const { result } = await call(openapi, {
      origin: upstream.origin,
      authMethods: [aMethod({ kind: 'oauth2' })],
      template: 'key',
      values: { token: 'T' },
    })

    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'connection_rejected',
        status,
        details: {
          category: 'authentication',
          integration: 'things',
          credential: { owner: 'org', connection: 'main', template: 'key' },
          upstream: { status, body: { message: 'Bad credentials' } },
          recovery: { startOAuthTool: 'executor.coreTools.oauth.start' },
        },
      },
    })
  })

  it.each<[string, Record<string, string>, unknown, string[], string[]]>([
    [
      'a challenge',
      {
        'www-authenticate': 'Bearer realm="x", error="insufficient_scope", scope="repo:write user"',
      },
      {},
      ['repo:write', 'user'],
      [],
    ],
    [
      'GitHub',
      { 'x-accepted-oauth-scopes': 'repo, admin', 'x-oauth-scopes': 'gist' },
      {},
      ['repo', 'admin'],
      ['gist'],
    ],
    [
      'Google',
      {},
      { error: { code: 403, details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }] } },
      [],
      [],
    ],
  ])('of missing scopes name them: %s', async (_name, headers, body, required, granted) => {
    await using upstream = await startUpstream(json(body, 403, headers))

    const { result } = await call(openapi, {
      origin: upstream.origin,
      authMethods: [aMethod({ kind: 'oauth2' })],
      template: 'key',
      values: { token: 'T' },
    })

    expect(result).toMatchObject({
      error: {
        code: 'oauth_scope_insufficient',
        details: { requiredScopes: required, grantedScopes: granted },
      },
    })
    expect(JSON.stringify(result)).not.toContain('startOAuthTool')
  })
})

describe('limits of the upstream', () => {
  function patient() {
    const waits: number[] = []
    const pause = (milliseconds: number) => {
      waits.push(milliseconds)
      return Promise.resolve()
    }
    return { waits, protocol: createOpenapi({ pause, now: () => 1_000_000 }) }
  }
  const LIMITED = json({ message: 'slow down' }, 429, { 'retry-after': '2' })

  it.each([429, 503])('are waited out by a read: %i', async (status) => {
    await using upstream = await startUpstream(() =>
      upstream.wires.length < 3 ? json({}, status, { 'retry-after': '2' }) : json({ a: 1 }),
    )
    const { waits, protocol } = patient()

    const { result } = await call(protocol, { origin: upstream.origin })

    expect(result).toMatchObject({ ok: true, data: { a: 1 } })
    expect(waits).toEqual([2000, 2000])
  })

  it('are waited out twice at most', async () => {
    await using upstream = await startUpstream(LIMITED)
    const { protocol } = patient()

    const { result } = await call(protocol, { origin: upstream.origin })

    expect(upstream.wires).toHaveLength(3)
    expect(result).toMatchObject({
      error: { code: 'upstream_http_error', status: 429, retryable: true, retryAfterMs: 2000 },
    })
  })

  it.each<[string, string, Record<string, string>, number | undefined]>([
    ['a write', 'POST', { 'retry-after': '2' }, 2000],
    ['a long wait', 'GET', { 'retry-after': '60' }, 60_000],
    ['a wait without a time', 'GET', {}, undefined],
    ['a date', 'GET', { 'retry-after': new Date(1_030_000).toUTCString() }, 30_000],
    [
      'a window that resets',
      'GET',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '90' },
      90_000,
    ],
  ])('are told, not waited out: %s', async (_name, method, headers, retryAfterMs) => {
    await using upstream = await startUpstream(json({}, 429, headers))
    const { waits, protocol } = patient()

    const { result } = await call(protocol, { origin: upstream.origin, binding: { method } })

    expect(upstream.wires).toHaveLength(1)
    expect(waits).toEqual([])
    expect(result).toMatchObject({
      error: {
        status: 429,
        retryable: true,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      },
    })
  })

  it('are not taken for a rejected credential', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '60' }
    await using upstream = await startUpstream(
      json({ message: 'API rate limit exceeded' }, 403, headers),
    )

    const { result } = await call(openapi, { origin: upstream.origin })

    expect(result).toMatchObject({
      error: { code: 'upstream_http_error', retryable: true, retryAfterMs: 60_000 },
    })
  })
})

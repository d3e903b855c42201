import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Egress } from '@executor/egress'
import { afterAll, describe, expect, it } from 'vitest'
import { aMethod, call, egress } from '../test/fixtures.ts'
import { json, reply, startUpstream } from '../test/upstream.ts'
import { createOpenapi } from './openapi.ts'

const openapi = createOpenapi()
afterAll(() => egress.close())

/** The bounds of production, shortened where a test waits for them. */
const SHORT = { headersTimeoutMs: 400, bodyTimeoutMs: 600, timeoutMs: 1_500 }
const LONG = { headersTimeoutMs: 20_000, bodyTimeoutMs: 20_000, timeoutMs: 20_000 }
const BYTES_MAX = 4_000_000
/** Far more than any of them, also on a machine with more to do. */
const CALL_MS_MAX = 25_000

function bounded(bounds: typeof SHORT): Egress {
  const request: Egress['request'] = (input) =>
    egress.request({ ...input, ...bounds, maxBytes: BYTES_MAX })
  return { ...egress, request }
}

const SECRET = 'sk-hostile-0123456789'
const authMethods = [
  aMethod({
    placements: [
      { carrier: 'header', name: 'X-Api-Key' },
      { carrier: 'query', name: 'api_key' },
      { carrier: 'cookie', name: 'session' },
    ],
  }),
]
const JSON_PROMISED = { responses: [{ status: '2XX', mediaTypes: ['application/json'] }] }
const OK = 'HTTP/1.1 200 OK\r\n'
const OK_JSON = `${OK}content-type: application/json\r\n`

type Answer = string | Buffer | ((socket: Socket) => void)

async function ask(answer: Answer, { method = 'GET', bounds = LONG } = {}) {
  await using upstream = await startUpstream((_wire, socket) => {
    if (typeof answer !== 'function') return answer
    answer(socket)
    return undefined
  })
  const started = performance.now()
  const { result, answer: raw } = await call(openapi, {
    origin: upstream.origin,
    binding: { ...JSON_PROMISED, method },
    authMethods,
    template: 'key',
    values: { token: SECRET },
    egress: bounded(bounds),
  })
  return { result, text: raw.json, elapsedMs: performance.now() - started, raw }
}

/** Writes a piece again and again until nobody listens. */
function forEver(socket: Socket, piece: string | Buffer, everyMs: number): void {
  const timer = setInterval(() => socket.write(piece), everyMs)
  socket.on('close', () => clearInterval(timer))
}

const FIFTY_MEGABYTES = 50 * 1024 * 1024

describe('a hostile upstream', () => {
  it.each<[string, Answer, string]>([
    ['hangs before its headers', () => {}, 'upstream_response_headers_timeout'],
    [
      'drips its headers',
      (socket) => {
        socket.write(OK)
        forEver(socket, 'x-a: b\r\n', 50)
      },
      'upstream_response_headers_timeout',
    ],
    [
      'says "wait" without end',
      (socket) => forEver(socket, 'HTTP/1.1 102 Processing\r\n\r\n', 50),
      'upstream_response_headers_timeout',
    ],
    [
      'hangs in its body',
      (socket) => socket.write(`${OK_JSON}content-length: 20\r\n\r\n{"a":`),
      'upstream_response_body_timeout',
    ],
    [
      'drips its body',
      (socket) => {
        socket.write(`${OK_JSON}content-length: 100000\r\n\r\n`)
        forEver(socket, ' ', 50)
      },
      'upstream_response_body_timeout',
    ],
    [
      'announces more than it sends',
      (socket) => socket.end(`${OK_JSON}content-length: 50\r\n\r\n{"a":1}`),
      'upstream_connection_lost',
    ],
    [
      'announces less than it sends',
      (socket) => socket.end(`${OK_JSON}content-length: 5\r\n\r\n{"a":1}`),
      'upstream_invalid_response',
    ],
    [
      'announces two lengths',
      `${OK_JSON}content-length: 2\r\ncontent-length: 3\r\n\r\n{} `,
      'upstream_invalid_response',
    ],
    [
      'announces a length and chunks',
      `${OK_JSON}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
      'upstream_invalid_response',
    ],
    [
      'sends chunks that are none',
      `${OK_JSON}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
      'upstream_invalid_response',
    ],
    [
      'resets the connection in its body',
      (socket) => {
        socket.write(`${OK_JSON}content-length: 50\r\n\r\n{"a":`)
        setTimeout(() => socket.resetAndDestroy(), 50)
      },
      'upstream_connection_lost',
    ],
    [
      'announces 50 MB',
      (socket) => socket.write(`${OK_JSON}content-length: ${FIFTY_MEGABYTES}\r\n\r\n[`),
      'upstream_response_too_large',
    ],
    [
      'sends 50 MB without saying so',
      (socket) => {
        socket.write(`${OK_JSON}\r\n[`)
        socket.end(Buffer.alloc(FIFTY_MEGABYTES, '1'))
      },
      'upstream_response_too_large',
    ],
    [
      'sends without end',
      (socket) => {
        socket.write(`${OK_JSON}\r\n`)
        forEver(socket, Buffer.alloc(64_000, ' '), 1)
      },
      'upstream_response_too_large',
    ],
    [
      'unpacks to 50 MB',
      reply(
        200,
        { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        gzipSync(Buffer.alloc(FIFTY_MEGABYTES, ' ')),
      ),
      'upstream_response_too_large',
    ],
    [
      'says gzip and sends something else',
      reply(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }, '{"a":1}'),
      'upstream_invalid_response',
    ],
    [
      'says a coding that nobody knows',
      reply(200, { 'content-type': 'application/json', 'content-encoding': 'rot13' }, '{"a":1}'),
      'upstream_invalid_response',
    ],
    [
      'breaks off what it packed',
      reply(
        200,
        { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        gzipSync('{"a": "long enough to be cut"}').subarray(0, 20),
      ),
      'upstream_invalid_response',
    ],
    [
      'sends broken JSON',
      reply(200, { 'content-type': 'application/json' }, '{"a": 1,}'),
      'upstream_invalid_response',
    ],
    [
      'sends HTML and says JSON',
      reply(200, { 'content-type': 'application/json' }, '<html>log in</html>'),
      'upstream_invalid_response',
    ],
    [
      'sends HTML where JSON is promised',
      reply(200, { 'content-type': 'text/html' }, '<html>log in</html>'),
      'upstream_invalid_response',
    ],
    [
      'sends Latin-1 and says UTF-8',
      reply(
        200,
        { 'content-type': 'application/json; charset=utf-8' },
        Buffer.from('{"a":"\u00e9"}', 'latin1'),
      ),
      'upstream_invalid_response',
    ],
    [
      'sends 5,000 headers',
      `${OK}${'x-a: 0123456789abcdef\r\n'.repeat(5_000)}\r\n`,
      'upstream_response_too_large',
    ],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', 'upstream_invalid_response'],
    [
      'switches protocols',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n',
      'upstream_connection_lost',
    ],
    [
      'says "continue" where nobody waits',
      'HTTP/1.1 100 Continue\r\n\r\n',
      'upstream_connection_lost',
    ],
    ['hangs up', (socket) => socket.destroy(), 'upstream_connection_lost'],
    ['leads in circles', reply(302, { location: '/things' }), 'upstream_redirect_refused'],
    [
      'leads to the metadata service',
      reply(302, { location: 'http://169.254.169.254/' }),
      'egress_blocked',
    ],
    ['leads to a private address', reply(307, { location: 'http://10.0.0.1/' }), 'egress_blocked'],
    ['leads to a file', reply(302, { location: 'file:///etc/passwd' }), 'egress_invalid_request'],
  ])('that %s ends in a typed error, in bounded time', async (_name, answer, code) => {
    const bounds = code.endsWith('_timeout') ? SHORT : LONG
    const { result, text, elapsedMs } = await ask(answer, { bounds })

    expect(result).toMatchObject({ ok: false, error: { code } })
    expect(elapsedMs).toBeLessThan(CALL_MS_MAX)
    expect(text).not.toContain(SECRET)
  })

  it.each<[string, Answer, unknown]>([
    [
      'HTTP/1.0',
      'HTTP/1.0 200 OK\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{"a":1}',
      { a: 1 },
    ],
    [
      'hints before its answer',
      `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${json({ a: 1 })}`,
      { a: 1 },
    ],
    [
      'UTF-16 that it calls so',
      reply(
        200,
        { 'content-type': 'application/json; charset=utf-16le' },
        Buffer.from('{"a":1}', 'utf16le'),
      ),
      { a: 1 },
    ],
    [
      'no length, and an end of the connection',
      (socket) => socket.end(`${OK_JSON}connection: close\r\n\r\n{"a":1}`),
      { a: 1 },
    ],
  ])('is read where it speaks %s', async (_name, answer, data) => {
    const { result } = await ask(answer)

    expect(result).toMatchObject({ ok: true, data })
  })

  it('is never sent a write a second time, and its outcome stays open', async () => {
    const { result, raw } = await ask((socket) => socket.destroy(), { method: 'POST' })

    expect(result).toMatchObject({ error: { code: 'upstream_connection_lost', retryable: false } })
    expect(raw.outcomeUnknown).toBe(true)
  })

  it('leads nobody to another origin with the credential', async () => {
    await using elsewhere = await startUpstream(json({ stolen: true }))

    const { result } = await ask(
      reply(307, { location: `${elsewhere.origin}/steal?api_key=${SECRET}` }),
    )

    const { line, headers } = elsewhere.wire
    expect(result).toMatchObject({ ok: true })
    expect(`${line}\n${JSON.stringify(headers)}`).not.toContain(SECRET)
  })

  it.each([
    ['in its body', json({ key: SECRET, nested: [Buffer.from(SECRET).toString('base64')] })],
    ['in its headers', reply(200, { 'content-type': 'application/json', 'x-echo': SECRET }, '{}')],
    ['in an error', json({ message: `bad key ${SECRET}` }, 401)],
    ['in what is no JSON', reply(200, { 'content-type': 'application/json' }, `{"key": ${SECRET}`)],
  ])('that echoes the credential %s is masked', async (_name, answer) => {
    const { text } = await ask(answer)

    expect(text).not.toContain(SECRET)
    expect(text).toContain('[secret]')
  })
})

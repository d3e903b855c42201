import type { JsonObject, Operation } from '@executor/contracts'
import { afterAll, describe, expect, it } from 'vitest'
import { json, reply, startUpstream } from '../test/upstream.ts'
import { aBinding, aDetail, aMutation, BEARER, call, egress } from './fixtures.ts'
import { createGraphql } from './graphql.ts'

const graphql = createGraphql({ now: () => 0 })
afterAll(() => egress.close())

const ADA = json({ data: { user: { id: '1' } } })
const PAGED: Partial<Operation> = {
  binding: aBinding({ variables: ['first', 'last'], pageSize: 20 }),
}

function prepare(args: JsonObject, operation: Partial<Operation> = {}) {
  return graphql.prepare(aDetail(operation), args)
}

describe('prepare', () => {
  it('names arguments that do not fit, before anyone is asked', () => {
    const prepared = prepare({ login: 7, nick: 'a' })

    expect(prepared).toMatchObject({
      failure: {
        code: 'invalid_tool_arguments',
        message: expect.stringContaining('"login" must be a string'),
      },
    })
  })

  it('takes arguments out of a variables object', () => {
    expect(prepare({ variables: { login: 'ada' }, select: '{ id }' })).toEqual({
      args: { login: 'ada', select: '{ id }' },
    })
  })

  it('refuses an argument that is given twice', () => {
    expect(prepare({ login: 'ada', variables: { login: 'eve' } })).toMatchObject({
      failure: { message: expect.stringContaining('given twice') },
    })
  })

  it('leaves an argument alone that is called variables', () => {
    const operation = {
      inputSchema: { type: 'object', properties: { variables: { type: 'object' } } },
      binding: aBinding({ variables: ['variables'] }),
    }

    expect(prepare({ variables: { a: 1 } }, operation)).toEqual({ args: { variables: { a: 1 } } })
  })

  it('refuses a selection that cannot be sent, before anyone is asked', () => {
    expect(prepare({ login: 'ada', select: '{ id' })).toMatchObject({
      failure: {
        code: 'graphql_invalid_selection',
        message:
          'query.user was not called: its selection cannot be used: Expected Name, found <EOF>.',
        retryable: false,
      },
    })
  })

  it('says so when an operation is stored in a form that cannot be sent', () => {
    expect(prepare({}, { binding: { field: 'user' } })).toMatchObject({
      failure: { code: 'binding_error' },
    })
  })
})

describe('requests', () => {
  it('carry the document, its variables and its name', async () => {
    await using upstream = await startUpstream(ADA)

    await call(graphql, { endpoint: `${upstream.origin}/graphql?v=1` })

    const { line, headers, body } = upstream.wire
    expect(line).toBe('POST /graphql?v=1 HTTP/1.1')
    expect(headers).toMatchObject({
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
    })
    expect(JSON.parse(body.toString())).toEqual({
      query: 'query user($login: String!) { user(login: $login) { id name } }',
      operationName: 'user',
      variables: { login: 'ada' },
    })
  })

  it('carry what was selected instead of the default', async () => {
    await using upstream = await startUpstream(ADA)

    await call(graphql, {
      endpoint: upstream.origin,
      args: { login: 'ada', select: 'id # }\n posts(first: 2) { title }' },
    })

    const { query } = JSON.parse(upstream.wire.body.toString())
    expect(query.replace(/\s+/g, ' ')).toBe(
      'query user($login: String!) { user(login: $login) { id posts(first: 2) { title } } }',
    )
  })

  it('carry the default where the selection is blank', async () => {
    await using upstream = await startUpstream(ADA)

    await call(graphql, { endpoint: upstream.origin, args: { login: 'ada', select: ' ' } })

    expect(JSON.parse(upstream.wire.body.toString()).query).toContain('{ id name }')
  })

  it('tell null and nothing apart', async () => {
    await using upstream = await startUpstream(json({ data: { rename: true } }))
    const options = { endpoint: upstream.origin, operation: aMutation() }

    await call(graphql, { ...options, args: { name: null } })
    await call(graphql, { ...options, args: {} })

    const sent = upstream.wires.map(({ body }) => JSON.parse(body.toString()).variables)
    expect(sent).toEqual([{ name: null }, {}])
  })

  it.each<[string, JsonObject, JsonObject]>([
    ['nothing is said', {}, { first: 20 }],
    ['null is said', { first: null }, { first: 20 }],
    ['a size is given', { first: 3 }, { first: 3 }],
    ['it is read from its end', { last: 3 }, { last: 3 }],
  ])('bound a page where %s', async (_name, args, variables) => {
    await using upstream = await startUpstream(ADA)

    await call(graphql, { endpoint: upstream.origin, operation: PAGED, args })

    expect(JSON.parse(upstream.wire.body.toString()).variables).toEqual(variables)
  })

  it('carry the credential in headers, query and cookies, and what is configured', async () => {
    await using upstream = await startUpstream(ADA)

    await call(graphql, {
      endpoint: `${upstream.origin}/graphql?v=1`,
      config: {
        headers: { 'X-Client': 'us', Cookie: 'a=b' },
        queryParams: { q: 'a b', key: 'no' },
      },
      authMethods: [
        {
          ...BEARER,
          placements: [
            ...BEARER.placements,
            { carrier: 'query', name: 'key' },
            { carrier: 'cookie', name: 'sid' },
          ],
        },
      ],
      template: 'bearer',
      values: { token: 'T0ken' },
    })

    expect(upstream.wire.path).toBe('/graphql?v=1&q=a%20b&key=T0ken')
    expect(upstream.wire.headers).toMatchObject({
      authorization: 'Bearer T0ken',
      cookie: 'a=b; sid=T0ken',
      'x-client': 'us',
    })
  })

  it('are not sent without the whole credential', async () => {
    await using upstream = await startUpstream(ADA)

    const { result } = await call(graphql, { endpoint: upstream.origin, template: 'bearer' })

    expect(result).toMatchObject({ error: { code: 'connection_value_missing' } })
    expect(upstream.wires).toEqual([])
  })
})

describe('answers', () => {
  it('hand on data as it came, numbers of any length included', async () => {
    await using upstream = await startUpstream(
      reply(
        200,
        { 'content-type': 'application/graphql-response+json', 'x-request-id': 'r1' },
        ' {"data": {"user":{"big":12345678901234567890,"text":"}],\\"{"}} , "extensions":{"cost":1}}',
      ),
    )

    const { answer } = await call(graphql, { endpoint: upstream.origin })

    expect(answer).toMatchObject({ ok: true, httpStatus: 200, outcomeUnknown: false })
    expect(answer.json).toContain(
      '"data":{"user":{"big":12345678901234567890,"text":"}],\\"{"}},"http":{"status":200',
    )
    expect(answer.json).toContain('"x-request-id":"r1"')
  })

  it.each([
    ['data that comes last', '{"extensions":{},"data":{"user":null}}', { user: null }],
    ['no data at all', '{"data":null}', null],
    ['an empty list of errors', '{"data":{"user":1},"errors":[]}', { user: 1 }],
  ])('hand on %s', async (_name, body, data) => {
    await using upstream = await startUpstream(
      reply(200, { 'content-type': 'application/json' }, body),
    )

    const { result } = await call(graphql, { endpoint: upstream.origin })

    expect(result).toMatchObject({ ok: true, data })
  })

  it('keep partial data beside its errors', async () => {
    const errors = [{ message: 'No such name.', path: ['user', 'name'] }, { message: 'B' }]
    await using upstream = await startUpstream(
      json({ errors, data: { user: { id: '1', name: null } }, extensions: { cost: 2 } }),
    )

    const { result } = await call(graphql, { endpoint: upstream.origin })

    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'graphql_errors',
        message:
          'query user answered with errors: No such name (user.name); B. What it could answer is in details.data.',
        status: 200,
        details: { errors, data: { user: { id: '1', name: null } }, extensions: { cost: 2 } },
        retryable: false,
      },
      http: { status: 200 },
    })
  })

  it('advise to select where the default was refused as a whole', async () => {
    const refusal = json({ data: null, errors: [{ message: 'Scopes' }] }, 400)
    await using upstream = await startUpstream(refusal)

    const byDefault = await call(graphql, { endpoint: upstream.origin })
    const byChoice = await call(graphql, {
      endpoint: upstream.origin,
      args: { login: 'a', select: 'id' },
    })

    const advice =
      'Where the account may not read all of the default fields, choose some with "select".'
    expect(byDefault.result).toMatchObject({ error: { message: expect.stringContaining(advice) } })
    expect(byChoice.result).toMatchObject({
      error: { message: 'query user answered with errors: Scopes.', status: 400 },
    })
  })

  it('take GraphQL errors for what they are, whatever the status', async () => {
    await using upstream = await startUpstream(json({ errors: [{ message: 'Broken' }] }, 500))

    const { result } = await call(graphql, { endpoint: upstream.origin })

    expect(result).toMatchObject({
      error: { code: 'graphql_errors', status: 500, details: { data: null } },
    })
  })

  it.each([401, 403])('take %i for a refused credential before anything else', async (status) => {
    await using upstream = await startUpstream(
      json({ errors: [{ message: 'Bad credentials' }], data: { user: null } }, status),
    )

    const { result, answer } = await call(graphql, { endpoint: upstream.origin })

    expect(answer.httpStatus).toBe(status)
    expect(result).toMatchObject({
      error: {
        code: 'connection_rejected',
        message: expect.stringContaining('query user answered'),
        details: { category: 'authentication', integration: 'people' },
      },
    })
  })

  it('say when to ask again where calls are limited', async () => {
    await using upstream = await startUpstream(
      json({ errors: [{ message: 'Slow down' }] }, 429, { 'retry-after': '7' }),
    )

    const { result } = await call(graphql, { endpoint: upstream.origin })

    expect(result).toMatchObject({
      error: { code: 'graphql_errors', retryable: true, retryAfterMs: 7_000 },
    })
  })

  it('call HTTP errors without GraphQL their own name', async () => {
    await using upstream = await startUpstream(
      reply(502, { 'content-type': 'text/html' }, '<h1>Bad gateway</h1>'),
    )

    const { result } = await call(graphql, { endpoint: upstream.origin })

    expect(result).toMatchObject({
      error: { code: 'graphql_http_error', status: 502, retryable: true },
      http: { status: 502 },
    })
  })

  it.each([
    ['a page', 'text/html', '<html>'],
    ['broken JSON', 'application/json', '{"data":{"user":'],
    ['JSON of something else', 'application/json', '{"user":1}'],
    ['a list', 'application/json', '[{"data":{}}]'],
    ['nothing', 'application/json', ''],
  ])('refuse %s where GraphQL was expected', async (_name, type, body) => {
    await using upstream = await startUpstream(reply(200, { 'content-type': type }, body))

    const { result } = await call(graphql, { endpoint: upstream.origin })

    expect(result).toMatchObject({
      error: {
        code: 'upstream_invalid_response',
        message: 'query user answered 200 with something that is no GraphQL response.',
        details: { excerpt: body },
      },
    })
  })

  it.each([
    ['bytes that are no text', { 'content-type': 'application/json' }, Buffer.from([0x7b, 0xff])],
    [
      'text of another charset than it says',
      { 'content-type': 'application/json; charset=utf-8' },
      Buffer.from('{"data":"\u00e9"}', 'latin1'),
    ],
  ])('refuse %s', async (_name, headers, body) => {
    await using upstream = await startUpstream(reply(200, headers, body))

    const { result } = await call(graphql, { endpoint: upstream.origin })

    expect(result).toMatchObject({ error: { code: 'upstream_invalid_response' } })
  })

  it('end with who asked', async () => {
    const caller = new AbortController()
    await using upstream = await startUpstream(() => {
      caller.abort()
      return undefined
    })

    const { result } = await call(graphql, { endpoint: upstream.origin, signal: caller.signal })

    expect(result).toMatchObject({ error: { code: 'cancelled', retryable: false } })
  })

  it('mask a credential that comes back, in data and in errors', async () => {
    const echo = 'your key S3cretKey!'
    const options = { template: 'bearer', values: { token: 'S3cretKey!' } }
    await using data = await startUpstream(json({ data: { user: { echo } } }))
    await using errors = await startUpstream(json({ errors: [{ message: echo }] }))

    const shown = await call(graphql, { endpoint: data.origin, ...options })
    const failed = await call(graphql, { endpoint: errors.origin, ...options })

    expect(shown.result).toMatchObject({ data: { user: { echo: 'your key [secret]' } } })
    expect(failed.answer.json).not.toContain('S3cretKey!')
  })

  it('say that a change may have happened when its answer is lost', async () => {
    await using upstream = await startUpstream((_wire, socket) => {
      socket.destroy()
      return undefined
    })

    const { answer, result } = await call(graphql, {
      endpoint: upstream.origin,
      operation: aMutation(),
      args: {},
    })

    expect(answer.outcomeUnknown).toBe(true)
    expect(result).toMatchObject({
      error: {
        code: 'upstream_connection_lost',
        message: expect.stringContaining('It may have taken effect'),
        retryable: false,
      },
    })
    expect(upstream.wires).toHaveLength(1)
  })

  it('say that nothing happened when nothing was sent', async () => {
    const { answer, result } = await call(graphql, {
      endpoint: 'http://127.0.0.1:1',
      operation: aMutation(),
      args: {},
    })

    expect(answer.outcomeUnknown).toBe(false)
    expect(result).toMatchObject({ error: { code: 'upstream_unreachable' } })
  })

  it('refuse an endpoint that is none', async () => {
    const { result } = await call(graphql, { endpoint: 'file:///etc/passwd' })

    expect(result).toMatchObject({ error: { code: 'binding_error' } })
  })
})

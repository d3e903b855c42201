import type { JsonObject, OpenapiParameter } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { anOperation, aParameter } from '../test/fixtures.ts'
import { createOpenapi } from './openapi.ts'

const openapi = createOpenapi()
const PARAMETERS: OpenapiParameter[] = [
  aParameter({ in: 'path', name: 'owner' }),
  aParameter({ in: 'query', name: 'per_page' }),
  aParameter({ in: 'query', name: 'id', argument: 'queryId' }),
  aParameter({ in: 'header', name: 'X-Trace' }),
  aParameter({ in: 'cookie', name: 'sid' }),
]
const INPUT_SCHEMA = {
  type: 'object',
  properties: {
    owner: { type: 'string' },
    per_page: { type: 'integer' },
    queryId: { type: 'string' },
    'X-Trace': { type: 'string' },
    sid: { type: 'string' },
  },
  required: ['owner'],
  additionalProperties: false,
}

function prepare(args: JsonObject, parameters = PARAMETERS, inputSchema: object = INPUT_SCHEMA) {
  const operation = anOperation({ parameters }, { inputSchema: { ...inputSchema } })
  return openapi.prepare({ operation, definitions: {} }, args)
}

describe('prepare', () => {
  it.each<[JsonObject, JsonObject]>([
    [
      { owner: 'a', per_page: 1 },
      { owner: 'a', per_page: 1 },
    ],
    [
      { path: { owner: 'a' }, query: { per_page: 1 } },
      { owner: 'a', per_page: 1 },
    ],
    [{ params: { owner: 'a', id: 'x' } }, { owner: 'a', queryId: 'x' }],
    [
      { path: { owner: 'a' }, query: { queryId: 'x' } },
      { owner: 'a', queryId: 'x' },
    ],
    [
      { owner: 'a', headers: { 'x-trace': 't' } },
      { owner: 'a', 'X-Trace': 't' },
    ],
    [
      { owner: 'a', cookies: { sid: 's' } },
      { owner: 'a', sid: 's' },
    ],
    [{ owner: 'a', path: { owner: 'a' } }, { owner: 'a' }],
  ])('takes %j as %j', (args, expected) => {
    const prepared = prepare(args)

    expect(prepared).toEqual({ args: expected })
  })

  it('takes a container for an argument where there is one of that name', () => {
    const schema = { type: 'object', properties: { path: { type: 'object' } } }

    const prepared = prepare({ path: { a: 1 } }, [aParameter({ name: 'path' })], schema)

    expect(prepared).toEqual({ args: { path: { a: 1 } } })
  })

  it.each<[JsonObject, string]>([
    [
      {},
      'things.get was not called: "owner" is missing (string). It takes owner (required string), per_page (integer), queryId (string), X-Trace (string), sid (string).',
    ],
    [
      { owner: 'a', nope: 1 },
      '"nope" is not known; accepted: owner, per_page, queryId, X-Trace, sid',
    ],
    [
      { owner: 'a', query: { nope: 1 } },
      '"query.nope" is not known; accepted in query: per_page, queryId',
    ],
    [{ owner: 'a', path: { owner: 'b' } }, '"path.owner" is given twice, also as owner'],
    [
      { owner: 'a', per_page: '10' },
      '"per_page" must be an integer, not the string "10"; send 10 without quotes',
    ],
    [{ owner: 'a', query: 'x' }, '"query" is not known'],
  ])('refuses %j with a sentence that helps', (args, message) => {
    const prepared = prepare(args)

    expect(prepared).toMatchObject({
      failure: { code: 'invalid_tool_arguments', message: expect.stringContaining(message) },
    })
  })

  it('takes a file given as body where bytes have a name of their own', () => {
    const file = { _tag: 'ToolFile', mimeType: 'a/b', encoding: 'base64', data: '' }
    const properties = { bodyBase64: { type: 'string', contentEncoding: 'base64' } }

    const prepared = prepare({ body: file }, [], {
      type: 'object',
      properties,
      additionalProperties: false,
    })

    expect(prepared).toEqual({ args: { bodyBase64: file } })
  })

  it('says that an operation without a readable binding cannot be sent', () => {
    const operation = anOperation({}, { binding: { nonsense: true } })

    const prepared = openapi.prepare({ operation, definitions: {} }, {})

    expect(prepared).toMatchObject({ failure: { code: 'binding_error' } })
  })

  it('says that a path has a part nobody can fill', () => {
    const operation = anOperation({ path: '/a/{unknown}' })

    const prepared = openapi.prepare({ operation, definitions: {} }, {})

    expect(prepared).toMatchObject({
      failure: { code: 'binding_error', message: expect.stringContaining('"unknown"') },
    })
  })
})

import { servicePrincipal } from '@executor/contracts'
import { afterAll, describe, expect, it } from 'vitest'
import { createOpenapiKind } from './openapi.ts'
import { aDescription, anOperation } from './reader/fixtures.ts'

const openapi = createOpenapiKind({
  fetchDocument: async (url) => ({ text: '', url, contentType: '', status: 404 }),
})
afterAll(() => openapi.close())

async function add(value: string): Promise<number> {
  const signal = new AbortController().signal
  const source = await openapi.add(
    { spec: { kind: 'blob', value } },
    { principal: servicePrincipal('acme'), signal },
  )
  source.close()
  return source.snapshot.tools.length
}

const YAML_START = 'openapi: 3.0.0\ninfo: {title: t, version: "1"}\n'
const answer = (schema: string) =>
  `paths:\n  /a:\n    get:\n      responses: {"200": {content: {application/json: {schema: ${schema}}}}}\n`

/** Ten levels of ten aliases each: 10^10 values in 600 characters. */
function aliasBomb(open: string, close: string, member: (name: string) => string): string {
  const levels = 'bcdefghijk'.split('').map((name, level) => {
    const previous = 'abcdefghij'[level] ?? ''
    return `x-${name}: &${name} ${open}${Array.from({ length: 10 }, (_, i) => member(previous).replace('?', String(i))).join(', ')}${close}`
  })
  return ['x-a: &a {type: string}', ...levels, ''].join('\n')
}
const schemaBomb = aliasBomb('{properties: {', '}}', (name) => `p?: *${name}`)
const dataBomb = aliasBomb('[', ']', (name) => `*${name}`)

/** Text, because `JSON.stringify` itself would not survive it. */
function nestedSchema(levels: number): string {
  const schema = `${'{"properties":{"a":'.repeat(levels)}{}${'}}'.repeat(levels)}`
  return anOperation(respond('HERE')).replace('"HERE"', schema)
}

const respond = (schema: unknown) => ({
  responses: { 200: { content: { 'application/json': { schema } } } },
})

describe('a hostile document', () => {
  it.each<[string, () => string, string, string]>([
    ['is nothing', () => '', 'openapi_parse_failed', 'is empty'],
    ['is 100 MB', () => ' '.repeat(100 * 1024 * 1024), 'openapi_parse_failed', 'larger than 48 MB'],
    ['is HTML', () => '<!doctype html><title>Docs</title>', 'openapi_parse_failed', 'HTML page'],
    ['is broken JSON', () => '{"openapi": "3.0.0",, }', 'openapi_parse_failed', 'line 1, column'],
    ['is broken YAML', () => `${YAML_START}paths: [`, 'openapi_parse_failed', 'line 3, column'],
    ['is binary', () => '\u0000\u0001\u0002', 'openapi_parse_failed', 'YAML'],
    [
      'is all brackets',
      () => `{"openapi":"3.0.0","x":[${'{},'.repeat(3_000_000)}0]}`,
      'openapi_parse_failed',
      'more than 3000000 values',
    ],
    [
      'nests in YAML without end',
      () => `${YAML_START}x: ${'['.repeat(100_000)}`,
      'openapi_parse_failed',
      'nesting exceeded',
    ],
    [
      'nests its schemas without end',
      () => nestedSchema(4_000),
      'openapi_extraction_failed',
      'POST /things: a schema nests more than 200 levels',
    ],
    [
      'contains itself through YAML aliases',
      () => `${YAML_START}x: &a {properties: {b: *a}}\n${answer('*a')}`,
      'openapi_extraction_failed',
      'GET /a: a schema nests more than 200 levels',
    ],
    [
      'multiplies schemas through YAML aliases',
      () => `${YAML_START}${schemaBomb}${answer('*k')}`,
      'openapi_extraction_failed',
      'expands to more than 250000 values',
    ],
    [
      'multiplies a default through YAML aliases',
      () => `${YAML_START}${dataBomb}${answer('{default: *k}')}`,
      'openapi_extraction_failed',
      'expands to more than 250000 values',
    ],
    [
      'multiplies text through YAML aliases',
      () =>
        `${YAML_START}x: &a "${'y'.repeat(1_000_000)}"\n${answer(`{enum: [${Array(500).fill('*a').join(',')}]}`)}`,
      'openapi_extraction_failed',
      'expands to more than 20 million characters',
    ],
    [
      'describes 100,001 operations',
      () => {
        const paths = Array.from({ length: 100_001 }, (_, index) => `"/${index}":{"get":{}}`)
        return `{"openapi":"3.0.0","info":{},"paths":{${paths.join()}}}`
      },
      'openapi_extraction_failed',
      'more than 100000 operations',
    ],
  ])('that %s is refused', async (_, document, reason, words) => {
    await expect(add(document())).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'invalid_argument',
      reason,
      message: expect.stringContaining(words),
    })
  })

  it.each<[string, () => string]>([
    ['hides an alias bomb where nobody looks', () => `${YAML_START}${dataBomb}${answer('{}')}`],
    [
      'nests brackets where nobody looks',
      () =>
        `{"openapi":"3.0.0","x":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)},"paths":{"/a":{"get":{}}}}`,
    ],
    ['has names of the prototype everywhere', () => PROTOTYPE_NAMES],
    [
      'has a name of two million capitals',
      () => anOperation({ operationId: 'A'.repeat(2_000_000), tags: ['A'.repeat(2_000_000)] }),
    ],
    ['has a path of braces', () => anOperation({}, { path: `/${'{'.repeat(500_000)}` })],
    ['refers to itself in every way', () => SELF_REFERENCES],
    [
      'has patterns that backtrack',
      () => anOperation(respond({ type: 'string', pattern: '^(a+)+$' })),
    ],
    ['has parts of every wrong type', () => WRONG_TYPES],
  ])('that %s is read', async (_, document) => {
    expect(await add(document())).toBeGreaterThan(0)
    expect('polluted' in {}).toBe(false)
  })

  it('leaves nothing behind for the next one', async () => {
    await expect(add(`${YAML_START}${schemaBomb}${answer('*k')}`)).rejects.toThrow()

    expect(await add(aDescription())).toBe(1)
  })
})

const PROTOTYPE_NAMES = `{
  "openapi": "3.1.0",
  "__proto__": {"polluted": true},
  "info": {"title": "t", "__proto__": {"polluted": true}},
  "servers": [{"url": "https://{__proto__}.x", "variables": {"__proto__": {"default": "x"}}}],
  "paths": {
    "__proto__": {"get": {}},
    "/{__proto__}/{constructor}": {
      "__proto__": {"get": {"operationId": "polluted"}},
      "post": {
        "operationId": "__proto__", "tags": ["__proto__", "constructor"],
        "security": [{"__proto__": []}],
        "parameters": [{"name": "__proto__", "in": "query", "schema": {"$ref": "#/components/schemas/__proto__"}}],
        "requestBody": {"content": {"multipart/form-data": {
          "schema": {"properties": {"__proto__": {"type": "string", "format": "binary"}}},
          "encoding": {"__proto__": {"contentType": "image/png"}, "constructor": {"style": "form"}}
        }}},
        "responses": {"__proto__": {}, "200": {"content": {"__proto__": {}, "application/json": {"schema": {"$ref": "#/constructor/prototype"}}}}}
      }
    }
  },
  "components": {
    "schemas": {"__proto__": {"properties": {"__proto__": {"default": {"__proto__": {"polluted": true}}}}}},
    "securitySchemes": {"__proto__": {"type": "oauth2", "flows": {"authorizationCode": {"scopes": {"__proto__": "x"}}}}}
  }
}`

const SELF_REFERENCES = aDescription({
  security: [{ self: [] }],
  components: {
    schemas: {
      A: { $ref: '#/components/schemas/A' },
      B: { allOf: [{ $ref: '#/components/schemas/B' }] },
      C: { $ref: '#' },
      D: { $ref: '#/components' },
    },
    parameters: { P: { $ref: '#/components/parameters/P' } },
    responses: { R: { $ref: '#/components/responses/R' } },
    requestBodies: { Q: { $ref: '#/components/requestBodies/Q' } },
    securitySchemes: { self: { $ref: '#/components/securitySchemes/self' } },
  },
  paths: {
    '/a': {
      post: {
        parameters: [
          { $ref: '#/components/parameters/P' },
          ...['A', 'B', 'C', 'D'].map((name) => ({
            name,
            in: 'query',
            schema: { $ref: `#/components/schemas/${name}` },
          })),
        ],
        requestBody: { $ref: '#/components/requestBodies/Q' },
        responses: { 200: { $ref: '#/components/responses/R' } },
      },
    },
    '/b': { $ref: '#/paths/~1b', get: { operationId: 'beside' } },
    '/c': { $ref: '#/paths/~1a' },
  },
})

const WRONG_TYPES = JSON.stringify({
  openapi: '3.0.0',
  info: 7,
  servers: 'here',
  tags: {},
  security: { a: [] },
  components: [],
  paths: {
    '/a': {
      parameters: 'x',
      servers: [7, { url: 7 }, { url: 'https://x', variables: [1] }],
      get: {
        operationId: 12,
        tags: 'x',
        summary: [],
        description: { a: 1 },
        parameters: [
          [],
          7,
          { name: 7, in: 7 },
          { name: 'a', in: 'query', schema: [], content: 7 },
          { name: 'b', in: 'query', content: { 'application/json': null } },
        ],
        requestBody: [],
        responses: {
          200: 'ok',
          201: { content: 'x' },
          202: { content: { 'application/json': 'x' } },
        },
        security: 'none',
        deprecated: 'yes',
      },
      post: {
        requestBody: {
          required: 'yes',
          content: {
            'multipart/form-data': {
              schema: { allOf: [7, { properties: 7 }], required: 'x' },
              encoding: { a: 7 },
            },
          },
        },
        responses: [],
        security: [7, null, [], { gone: [] }],
      },
    },
  },
})

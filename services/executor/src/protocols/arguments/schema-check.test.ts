import type { JsonSchema } from '@executor/contracts'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { checkSchema } from './schema-check.ts'

function messages(
  schema: JsonSchema,
  value: unknown,
  definitions: Record<string, JsonSchema> = {},
) {
  return checkSchema(schema, definitions, value).map(({ path, message }) => `${path} ${message}`)
}

/** Schema, what passes, what does not. Another implementation has to agree. */
const CASES: [JsonSchema, unknown[], unknown[]][] = [
  [{ type: 'string' }, ['', 'x'], [1, null, [], {}]],
  [{ type: 'integer' }, [0, -1, 1e3], [1.5, '1', null]],
  [{ type: 'number' }, [1.5], ['1']],
  [{ type: ['string', 'null'] }, ['x', null], [1]],
  [{ type: 'array', items: { type: 'integer' } }, [[], [1]], [['x'], {}]],
  [{ enum: ['a', 1, null, { b: [1] }] }, ['a', 1, null, { b: [1] }], ['b', { b: [2] }]],
  [{ const: { a: 1, b: 2 } }, [{ b: 2, a: 1 }], [{ a: 1 }]],
  [{ minimum: 1, exclusiveMaximum: 3 }, [1, 2.9, 'x'], [0, 3]],
  [{ maximum: 1, exclusiveMinimum: 0 }, [1], [0, 2]],
  [{ multipleOf: 0.01 }, [1.13, 4.02, 0], [1.005]],
  [{ minLength: 2, maxLength: 3 }, ['ab', '\u{1f600}\u{1f600}\u{1f600}', 1], ['a', 'abcd']],
  [{ pattern: '^[a-z]+$' }, ['ab', 1], ['A']],
  [{ required: ['a'] }, [{ a: 1 }, []], [{}]],
  [
    { properties: { a: { type: 'string' } }, additionalProperties: false },
    [{ a: 'x' }, {}],
    [{ b: 1 }, { a: 1 }],
  ],
  [{ additionalProperties: { type: 'integer' } }, [{ a: 1 }], [{ a: 'x' }]],
  [
    { patternProperties: { '^x-': { type: 'string' } }, additionalProperties: false },
    [{ 'x-a': 'b' }],
    [{ 'x-a': 1 }, { y: 1 }],
  ],
  [{ propertyNames: { maxLength: 2 } }, [{ ab: 1 }], [{ abc: 1 }]],
  [{ minProperties: 1, maxProperties: 2 }, [{ a: 1 }], [{}, { a: 1, b: 1, c: 1 }]],
  [{ minItems: 1, maxItems: 2 }, [[1]], [[], [1, 2, 3]]],
  [
    { uniqueItems: true },
    [
      [1, 2],
      [{ a: 1 }, { a: 2 }],
    ],
    [[1, 1]],
  ],
  [
    { prefixItems: [{ type: 'string' }], items: { type: 'integer' } },
    [['a', 1], [], ['a']],
    [[1], ['a', 'b']],
  ],
  [{ contains: { const: 1 } }, [[2, 1]], [[], [2]]],
  [{ allOf: [{ type: 'integer' }, { minimum: 2 }] }, [2], [1, 'x']],
  [{ anyOf: [{ type: 'string' }, { type: 'integer', minimum: 3 }] }, ['x', 3], [1, null]],
  [{ not: { type: 'string' } }, [1], ['x']],
  [
    JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}'),
    [{ a: 1, b: 1 }, { c: 1 }],
    [{ a: 1 }, {}],
  ],
  [{ dependentRequired: { a: ['b'] } }, [{ a: 1, b: 1 }, {}], [{ a: 1 }]],
  [
    { $ref: '#/$defs/node' },
    [{ next: { next: { value: 1 } } }],
    [{ next: { next: { value: 'x' } } }],
  ],
  [{ $ref: '#/$defs/a~1b%20c' }, [1], ['x']],
  [{ $ref: '#/$defs/node/properties/value' }, [1], ['x']],
  [true, [1], []],
  [false, [], [1]],
]
const DEFINITIONS: Record<string, JsonSchema> = {
  node: {
    type: 'object',
    properties: { next: { $ref: '#/$defs/node' }, value: { type: 'integer' } },
    additionalProperties: false,
  },
  'a/b c': { type: 'integer' },
}

describe('checkSchema', () => {
  it.each(CASES)('judges by %j', (schema, valid, invalid) => {
    const judge = (value: unknown) => checkSchema(schema, DEFINITIONS, value).length === 0

    expect(valid.filter((value) => !judge(value))).toEqual([])
    expect(invalid.filter(judge)).toEqual([])
  })

  it.each(CASES)('judges as an independent validator does by %j', (schema, valid, invalid) => {
    const whole = typeof schema === 'boolean' ? schema : { ...schema, $defs: DEFINITIONS }
    const oracle = new Ajv2020({ strict: false, logger: false, multipleOfPrecision: 6 }).compile(
      whole,
    )

    expect(valid.filter((value) => !oracle(value))).toEqual([])
    expect(invalid.filter((value) => oracle(value))).toEqual([])
  })

  it.each<[JsonSchema, unknown, string]>([
    [{ type: 'integer' }, '10', ' must be an integer, not the string "10"; send 10 without quotes'],
    [
      { type: 'boolean' },
      'true',
      ' must be true or false, not the string "true"; send true without quotes',
    ],
    [
      { type: 'object' },
      '{"a":1}',
      ' must be an object, not the string "{\\"a\\":1}"; send the value itself, not JSON text of it',
    ],
    [
      { type: 'array' },
      'x',
      ' must be an array, not the string "x"; send a list, also for a single value',
    ],
    [{ type: 'string' }, 5, ' must be a string, not the number 5'],
    [
      { enum: ['open', 'closed'] },
      'opened',
      ' must be one of "open", "closed", not the string "opened"',
    ],
    [
      { properties: { a: { properties: { b: { items: { type: 'string' } } } } } },
      { a: { b: ['x', 1] } },
      'a.b[1] must be a string, not the number 1',
    ],
    [
      { required: ['owner'], properties: { owner: { type: 'string' } } },
      {},
      'owner is missing (string)',
    ],
    [
      { properties: { perPage: {}, page: {} }, additionalProperties: false },
      { per_page: 1 },
      'per_page is not known; did you mean "perPage"?',
    ],
    [
      { properties: { page: {} }, additionalProperties: false },
      { q: 1 },
      'q is not known; accepted: page',
    ],
    [{ additionalProperties: false }, { q: 1 }, 'q is not known; none is accepted here'],
    [{ minimum: 1 }, 0, ' must be at least 1, not 0'],
    [{ maxLength: 3 }, 'abcd', ' must have at most 3 characters; it has 4'],
    [
      { format: 'date' },
      'tomorrow',
      ' must be a date like "2026-07-01", not the string "tomorrow"',
    ],
    [
      { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      1,
      ' fits none of the accepted forms (string; or array of string)',
    ],
    [
      { anyOf: [{ type: 'string' }, { type: 'object', required: ['name'] }] },
      {},
      'name is missing (any value)',
    ],
  ])('explains %j to whoever sent %j', (schema, value, expected) => {
    const said = messages(schema, value)

    expect(said).toEqual([expected])
  })

  it('reports every problem, up to ten', () => {
    const schema = { properties: { a: { type: 'string' }, b: { type: 'string' } }, required: ['c'] }

    const few = messages(schema, { a: 1, b: 2 })
    const many = messages(
      { items: { type: 'string' } },
      Array.from({ length: 50 }, () => 1),
    )

    expect(few).toHaveLength(3)
    expect(many.length).toBeLessThanOrEqual(12)
  })

  it('does not demand what only the server knows', () => {
    const schema = { required: ['id', 'name'], properties: { id: { readOnly: true }, name: {} } }

    const said = messages(schema, { name: 'x' })

    expect(said).toEqual([])
  })

  it('takes a file where text of bytes is expected', () => {
    const schema = { properties: { f: { type: 'string', format: 'binary' } } }

    const said = messages(schema, { f: { _tag: 'ToolFile', data: '' } })

    expect(said).toEqual([])
  })

  it('takes digits as text where a number would lose some', () => {
    const said = messages({ type: 'integer' }, '12345678901234567890')

    expect(said).toEqual([])
  })

  it.each<[string, JsonSchema, Record<string, JsonSchema>]>([
    ['a reference to itself', { $ref: '#/$defs/a' }, { a: { $ref: '#/$defs/a' } }],
    [
      'a reference in a circle',
      { $ref: '#/$defs/a' },
      { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { $ref: '#/$defs/a' } },
    ],
    ['a reference to nothing', { $ref: '#/$defs/none' }, {}],
    ['a reference to elsewhere', { $ref: 'https://evil.example/schema' }, {}],
    ['a reference to the prototype', { $ref: '#/$defs/__proto__/toString' }, {}],
    [
      'keywords of the wrong kind',
      { type: 7, required: 'a', properties: [], enum: {}, pattern: 1, items: [], allOf: {} },
      {},
    ],
    ['an unknown type', { type: 'file' }, {}],
    ['a catastrophic pattern', { properties: { a: { pattern: '^(a+)+$' } } }, {}],
  ])('lets pass what it cannot judge: %s', (_name, schema, definitions) => {
    const said = messages(schema, { a: `${'a'.repeat(40)}!` }, definitions)

    expect(said).toEqual([])
  })

  it('gives up on branches without end, in bounded time', () => {
    const branch = { properties: { x: { $ref: '#/$defs/a' } }, required: ['never'] }
    const definitions = { a: { anyOf: [branch, branch, branch, branch] } }
    let value: Record<string, unknown> = {}
    for (let depth = 0; depth < 60; depth++) value = { x: value }

    const said = messages({ $ref: '#/$defs/a' }, value, definitions)

    expect(said).toEqual([])
  })

  it('gives up on nesting without end', () => {
    let value: unknown = []
    for (let depth = 0; depth < 100_000; depth++) value = [value]

    const said = messages({ $ref: '#/$defs/list' }, value, {
      list: { items: { $ref: '#/$defs/list' } },
    })

    expect(said).toEqual([])
  })
})

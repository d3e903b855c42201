import { describe, expect, it } from 'vitest'
import { read, readOne } from './fixtures.ts'

const QUERY = 'type Query { a: Int }'

describe('arguments as JSON Schema', () => {
  it('say what is required, what may be null and what stands in', async () => {
    const { inputSchema } = await readOne(
      `type Query {
        find(
          "What to look for."
          text: String!
          limit: Int = 10
          ids: [ID!]
          deep: [[Float]!]!
          exact: Boolean! = false
          gone: String @deprecated(reason: "use text")
        ): Int
      }`,
      'query.find',
    )

    expect(inputSchema).toEqual({
      type: 'object',
      properties: {
        text: { type: 'string', description: 'What to look for.' },
        limit: { type: ['integer', 'null'], default: 10 },
        ids: { type: ['array', 'null'], items: { type: ['string', 'integer'] } },
        deep: {
          type: 'array',
          items: { type: 'array', items: { type: ['number', 'null'] } },
        },
        exact: { type: 'boolean', default: false },
        gone: { type: ['string', 'null'], description: 'Deprecated: use text', deprecated: true },
      },
      required: ['text', 'deep'],
      additionalProperties: false,
    })
  })

  it('refer to enums and input objects, which may contain themselves', async () => {
    const { operations, definitions } = await read(
      `${QUERY}
       "How it ends."
       enum Ending { "Well." HAPPY BITTER @deprecated(reason: "nobody reads on") }
       input Story { ending: Ending! = HAPPY before: Story parts: [Story!] }
       type Mutation { tell(story: Story!): Int }`,
    )

    const tell = operations.get('mutation.tell')
    expect(tell?.inputSchema).toMatchObject({ properties: { story: { $ref: '#/$defs/Story' } } })
    expect(tell?.refs.input).toEqual(['Story'])
    expect(Object.fromEntries(definitions)).toEqual({
      Ending: {
        type: 'string',
        enum: ['HAPPY', 'BITTER'],
        description: 'How it ends.\n- HAPPY: Well.\n- BITTER: deprecated: nobody reads on',
      },
      Story: {
        type: 'object',
        properties: {
          ending: { $ref: '#/$defs/Ending', default: 'HAPPY' },
          before: { anyOf: [{ $ref: '#/$defs/Story' }, { type: 'null' }] },
          parts: { type: ['array', 'null'], items: { $ref: '#/$defs/Story' } },
        },
        additionalProperties: false,
      },
    })
  })

  it('take exactly one field of a oneOf', async () => {
    const { definitions } = await read(
      'type Query { user(by: UserBy!): Int } input UserBy @oneOf { id: ID login: String }',
    )

    expect(definitions.get('UserBy')).toEqual({
      oneOf: [
        {
          type: 'object',
          properties: { id: { type: ['string', 'integer'] } },
          required: ['id'],
          additionalProperties: false,
        },
        {
          type: 'object',
          properties: { login: { type: 'string' } },
          required: ['login'],
          additionalProperties: false,
        },
      ],
    })
  })

  it('show defaults of every form, and leave out those that are none', async () => {
    const { inputSchema } = await readOne(
      `input Point { x: Int y: Int }
       type Query { at(p: Point = {x: 1, y: -2}, l: [String] = ["a", "b"], n: Int = null, f: Float = 1e3): Int }`,
      'query.at',
    )

    expect(inputSchema.properties).toMatchObject({
      p: { default: { x: 1, y: -2 } },
      l: { default: ['a', 'b'] },
      n: { default: null },
      f: { default: 1000 },
    })
  })

  it('let the caller select, under a name that is free', async () => {
    const { inputSchema, binding } = await readOne(
      'type Query { t(select: Int, select_: Int): T } type T { id: ID more(n: Int!): T other: Deep } type Deep { in: Deeper } type Deeper { id: ID }',
      'query.t',
    )

    expect(binding.selectArgument).toBe('select__')
    expect(inputSchema.properties).toMatchObject({
      select__: {
        type: 'string',
        description:
          'What to select of T instead of the default, as GraphQL: "{ id name owner { login } }". Beside the default fields there are: more(n: Int!): T, other: Deep',
      },
    })
  })

  it('say which size a page has', async () => {
    const { inputSchema } = await readOne(
      `type Query { all("How many." first: Int, last: Int): AllConnection }
       type AllConnection { nodes: [T] pageInfo: P } type T { id: ID } type P { endCursor: String }`,
      'query.all',
    )

    expect(inputSchema.properties).toMatchObject({
      first: {
        description: 'How many. Sent as 20 where neither "first" nor "last" is given.',
      },
    })
  })
})

describe('custom scalars', () => {
  it.each<[string, string, object]>([
    ['DateTime', '', { type: 'string', format: 'date-time' }],
    ['DateTime', 'Accepts shortcuts like 2021.', { type: 'string' }],
    ['ISO8601DateTime', '', { type: 'string', format: 'date-time' }],
    ['Date', '', { type: 'string', format: 'date' }],
    ['NaiveDateTime', '', { type: 'string' }],
    ['Time', '', { type: 'string' }],
    ['UnixTimestamp', '', { type: ['string', 'number'] }],
    ['URI', '', { type: 'string', format: 'uri' }],
    ['AvatarUrl', '', { type: 'string', format: 'uri' }],
    ['UUID', '', { type: 'string', format: 'uuid' }],
    ['EmailAddress', '', { type: 'string', format: 'email' }],
    ['Base64String', '', { type: 'string', contentEncoding: 'base64' }],
    ['BigInt', '', { type: ['string', 'number'] }],
    ['Money', '', { type: ['string', 'number'] }],
    ['PositiveInt', '', { type: 'integer' }],
    ['Latitude', '', { type: 'number' }],
    ['JSON', '', {}],
    ['JSONObject', '', {}],
    ['Map', '', {}],
    ['GitObjectID', 'A Git object ID.', { type: 'string' }],
    ['HTML', 'A string containing HTML code.', { type: 'string' }],
    ['Weird', '', {}],
    ['Weird', 'Any value.', {}],
  ])('%s (%s) is %o', async (name, description, schema) => {
    const said = description && `"${description}"`
    const { definitions } = await read(`type Query { at(v: ${name}): Int } ${said} scalar ${name}`)

    const told = description ? { description } : {}
    expect(definitions.get(name)).toEqual({ ...schema, ...told })
  })

  it('tell where they are specified', async () => {
    const { definitions } = await read(
      'type Query { at(v: Color): Int } scalar Color @specifiedBy(url: "https://color.example")',
    )

    expect(definitions.get('Color')).toEqual({ description: 'Specified by https://color.example' })
  })
})

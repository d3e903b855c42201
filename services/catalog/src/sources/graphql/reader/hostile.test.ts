import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../openapi/reader/json.ts'
import { introspect, read } from './fixtures.ts'

const HONEST = `
  type Query { me: User node(id: ID!): Node found: Found find(by: By!, hint: Hint): User }
  interface Node { id: ID! }
  type User implements Node { id: ID! name: String friend: User }
  type Repo implements Node { id: ID! }
  union Found = User | Repo
  input By { id: ID } input Hint { a: Int }`

/** What a server says that changes one type of an honest schema. */
function lying(name: string, lie: (type: JsonObject) => unknown): string {
  const { __schema } = introspect(HONEST)
  const types = __schema.types.flatMap((type) => (type.name === name ? lie(type) : type))
  return JSON.stringify({ __schema: { ...__schema, types } })
}

function withFields(type: JsonObject, change: (field: JsonObject) => unknown): JsonObject {
  const fields = (type.fields as JsonObject[]).flatMap(change)
  return { ...type, fields }
}

const documents = (result: Awaited<ReturnType<typeof read>>) =>
  [...result.operations.values()].map(({ binding }) => binding.document).join('\n')

describe('introspection that lies', () => {
  it('leaves out fields whose types it does not tell', async () => {
    const result = await read(lying('Found', () => []))

    expect([...result.operations.keys()]).toEqual(['query.find', 'query.me', 'query.node'])
    expect(result.summary.warnings).toEqual([
      'Query.found is left out: the schema does not hold what it refers to.',
    ])
  })

  it('leaves out fields that need what it does not tell, and drops what they may do without', async () => {
    const withoutBy = await read(lying('By', () => []))
    const withoutHint = await read(lying('Hint', () => []))

    expect(withoutBy.operations.has('query.find')).toBe(false)
    expect(withoutHint.operations.get('query.find')?.binding.variables).toEqual(['by'])
  })

  it('spreads no fragment on what cannot be there', async () => {
    const claims = [{ kind: 'OBJECT', name: 'Hint' }, { name: 'Nobody' }, { name: 'User' }, null, 7]
    const result = await read(lying('Node', (type) => ({ ...type, possibleTypes: claims })))

    expect(result.operations.get('query.node')?.binding.document).toContain(
      '{ __typename id ... on User { name } }',
    )
  })

  it('does not believe that an object is what it denies to be', async () => {
    const result = await read(lying('Repo', (type) => ({ ...type, interfaces: [] })))

    expect(documents(result)).not.toMatch(/node\(.*on Repo/)
  })

  it.each([
    'a } } mutation evil { destroy',
    '__proto__',
    '__typename',
    'a b',
    '1a',
    '',
    'x'.repeat(300),
  ])('calls no field %s', async (name) => {
    const result = await read(
      lying('Query', (type) => withFields(type, (field) => [field, { ...field, name }])),
    )

    expect(result.operations.size).toBe(4)
    expect(documents(result)).not.toMatch(/evil|proto/)
  })

  it.each([
    ['a } evil', 'name'],
    ['__Type', 'name'],
    ['constructor', 'name'],
  ])('survives a type called %s', async (name) => {
    const result = await read(lying('User', (type) => ({ ...type, name })))

    expect(documents(result)).not.toContain('evil')
  })

  it('reads the first of two types of one name', async () => {
    const result = await read(
      lying('User', (type) => [type, { ...type, kind: 'SCALAR', fields: null }]),
    )

    expect(result.operations.get('query.me')?.binding.document).toContain('{ id name }')
  })

  it.each<[string, unknown]>([
    ['a number', 7],
    ['text', 'User'],
    ['a list', []],
    ['nothing', undefined],
    ['a wrapper around nothing', { kind: 'LIST', ofType: null }],
    ['an input object', { kind: 'INPUT_OBJECT', name: 'By' }],
    [
      'lists without end',
      Array.from({ length: 1000 }).reduce((ofType) => ({ kind: 'LIST', ofType }), {
        kind: 'OBJECT',
        name: 'User',
      }),
    ],
  ])('leaves out a field whose type is %s', async (_name, type) => {
    const result = await read(
      lying('Query', (query) =>
        withFields(query, (field) => (field.name === 'me' ? { ...field, type } : field)),
      ),
    )

    expect(result.operations.has('query.me')).toBe(false)
  })

  it('writes "required" once, however often it is said', async () => {
    const type = {
      kind: 'NON_NULL',
      ofType: { kind: 'NON_NULL', ofType: { kind: 'SCALAR', name: 'ID' } },
    }
    const result = await read(
      lying('Query', (query) =>
        withFields(query, (field) => ({
          ...field,
          args: (field.args as JsonObject[]).map((arg) =>
            arg.name === 'id' ? { ...arg, type } : arg,
          ),
        })),
      ),
    )

    expect(documents(result)).toContain('($id: ID!)')
  })

  it.each([
    ['roots that are no objects', { queryType: { name: 'By' }, mutationType: 'User' }],
    ['roots that are not there', { queryType: { name: 'Nobody' }, mutationType: null }],
    ['types that are none', { types: [null, 1, 'User', [], {}] }],
    ['no list of types', { types: { length: 3 } }],
  ])('finds nothing to call in %s', async (_name, lie) => {
    const { __schema } = introspect(HONEST)

    const result = await read(JSON.stringify({ __schema: { ...__schema, ...lie } }))

    expect(result.operations.size).toBe(0)
  })

  it('takes descriptions, defaults and reasons of any kind for what they are', async () => {
    const result = await read(
      lying('Query', (query) =>
        withFields({ ...query, description: 7 }, (field) => ({
          ...field,
          description: { toString: 'evil' },
          isDeprecated: true,
          deprecationReason: 5,
          args: (field.args as JsonObject[]).map((arg) => ({ ...arg, defaultValue: '{{{' })),
        })),
      ),
    )

    expect(result.operations.get('query.find')?.description).toBe(
      'query find: User\n\nDeprecated: No longer supported',
    )
    expect(JSON.stringify(result.operations.get('query.find')?.inputSchema)).not.toContain('{{{')
  })
})

describe('enormous and deep schemas', () => {
  const refused = (source: string | Uint8Array) =>
    expect(read(source)).rejects.toMatchObject({ reason: expect.stringMatching(/^graphql_/) })

  it('refuses more types than anybody has', () =>
    refused(
      JSON.stringify({
        __schema: {
          types: Array.from({ length: 50_001 }, (_, n) => ({ kind: 'SCALAR', name: `S${n}` })),
        },
      }),
    ))

  it('refuses more fields than anybody calls', () => {
    const type = { kind: 'SCALAR', name: 'Int' }
    const fields = Array.from({ length: 100_001 }, (_, n) => ({ name: `f${n}`, args: [], type }))
    return refused(
      JSON.stringify({
        __schema: {
          queryType: { name: 'Q' },
          types: [type, { kind: 'OBJECT', name: 'Q', fields }],
        },
      }),
    )
  })

  it('refuses rows that add up to more than can be kept', () => {
    const args = Array.from({ length: 400 }, (_, n) => `"${'x'.repeat(2_000)}" a${n}: Int`)
    const calls = Array.from({ length: 250 }, (_, n) => `q${n}(a: Int): Int`)
    const { __schema } = introspect(
      `type Query { ${calls.join(' ')} } input In { ${args.join(' ')} }`,
    )
    const find = (name: string) => __schema.types.find((type) => type.name === name) as JsonObject
    for (const field of find('Query').fields as JsonObject[]) field.args = find('In').inputFields

    return refused(JSON.stringify({ __schema }))
  })

  it('refuses JSON that is all brackets', () => refused(`{"__schema":${'['.repeat(3_200_000)}`))

  it('refuses a schema that unpacks into more than can be read', () =>
    refused(gzipSync(Buffer.alloc(49 * 1024 * 1024, 0x20))))

  it('refuses SDL of more words than anybody writes', () =>
    refused(`type Query { ${'a: Int '.repeat(600_000)} }`))

  it('refuses SDL that nests without end', () =>
    refused(`type Query { a: ${'['.repeat(400_000)}Int${']'.repeat(400_000)} }`))

  it('reads defaults that nest without end as none', async () => {
    const { operations } = await read(lyingDefault(`${'['.repeat(1_000)}${']'.repeat(1_000)}`))

    expect(operations.has('query.find')).toBe(true)
  })

  it('reads input types that cannot exist, since they contain themselves', async () => {
    const { definitions } = await read(
      'type Query { a(x: A!): Int } input A { b: B! } input B { a: A! }',
    )

    expect([...definitions.keys()]).toEqual(['A', 'B'])
  })

  it('reads a chain of input types as long as there are types', async () => {
    const chain = Array.from({ length: 5_000 }, (_, n) => `input I${n} { next: I${n + 1} }`)

    const { definitions } = await read(
      `type Query { a(x: I0): Int } ${chain.join(' ')} input I5000 { x: Int }`,
    )

    expect(definitions.size).toBe(5_001)
  })

  it('reads one type with very many fields, many times', async () => {
    const fields = Array.from({ length: 1_000 }, (_, n) => `f${n}: T${n % 30}`).join(' ')
    const types = Array.from({ length: 30 }, (_, n) => `type T${n} { ${fields} id: ID }`)

    const { operations } = await read(
      `type Query { ${Array.from({ length: 500 }, (_, n) => `q${n}: T${n % 30}`).join(' ')} } ${types.join(' ')}`,
    )

    expect(operations.size).toBe(500)
  })

  function lyingDefault(defaultValue: string): string {
    return lying('Query', (query) =>
      withFields(query, (field) => ({
        ...field,
        args: (field.args as JsonObject[]).map((arg) => ({ ...arg, defaultValue })),
      })),
    )
  }
})

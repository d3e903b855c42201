import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { introspect, read, readOne } from './fixtures.ts'

const PETS = `
  "A shop."
  schema { query: Root mutation: Changes subscription: Events }
  type Root {
    "One pet."
    pet(id: ID!): Pet
    pets: [Pet!]! @deprecated(reason: "use pet")
  }
  type Changes { feedPet(id: ID!): Pet deletePet(id: ID!): Boolean removed: Boolean deletedPets: Int }
  type Events { petFed: Pet petLost: Pet }
  type Pet { id: ID! name: String }`

describe('readSchema', () => {
  it('makes a tool of every query and mutation, and names subscriptions as unsupported', async () => {
    const { operations, summary } = await read(PETS)

    expect([...operations.keys()]).toEqual([
      'mutation.deletePet',
      'mutation.deletedPets',
      'mutation.feedPet',
      'mutation.removed',
      'query.pet',
      'query.pets',
    ])
    expect(summary).toMatchObject({
      description: 'A shop.',
      queryCount: 2,
      mutationCount: 4,
      subscriptions: ['petFed', 'petLost'],
      warnings: ['Subscriptions are not supported, so these cannot be called: petFed, petLost.'],
    })
  })

  it('tells readers and writers apart', async () => {
    const { operations } = await read(PETS)

    const annotations = (name: string) => operations.get(name)?.annotations
    expect(annotations('query.pet')).toEqual({
      readOnly: true,
      idempotent: true,
      destructive: false,
      requiresApproval: false,
    })
    expect(annotations('mutation.deletePet')).toEqual({
      readOnly: false,
      idempotent: false,
      destructive: true,
      requiresApproval: true,
      approvalDescription: 'mutation deletePet',
    })
    expect(annotations('mutation.deletedPets')).toMatchObject({ destructive: false })
    expect(annotations('mutation.removed')).toMatchObject({ destructive: false })
    expect(annotations('query.pets')).toMatchObject({ deprecated: true })
  })

  it('describes what it does, and why it should not be used', async () => {
    const { operations } = await read(PETS)

    expect(operations.get('query.pet')?.description).toBe('One pet.')
    expect(operations.get('query.pets')?.description).toBe(
      'query pets: [Pet!]!\n\nDeprecated: use pet',
    )
  })

  it('writes the document, and what it answers', async () => {
    const { binding, outputSchema } = await readOne(PETS, 'query.pet')

    expect(binding).toEqual({
      operation: 'query',
      field: 'pet',
      document: 'query pet($id: ID!) { pet(id: $id) { id name } }',
      selection: { start: 35, end: 46 },
      selectArgument: 'select',
      variables: ['id'],
    })
    expect(binding.document.slice(35, 46)).toBe('{ id name }')
    expect(outputSchema).toEqual({
      type: 'object',
      properties: {
        pet: {
          type: ['object', 'null'],
          properties: { id: { type: 'string' }, name: { type: ['string', 'null'] } },
          required: ['id', 'name'],
        },
      },
      required: ['pet'],
    })
  })

  it('tells the search index what a single input object holds', async () => {
    const { searchDocuments } = await read(
      'type Query { a: Int } type Mutation { add(input: In!): Out } input In { "Its colour." color: Int } type Out { id: ID }',
    )

    expect(searchDocuments[0]).toEqual({
      name: 'mutation.add',
      description: 'mutation add: Out',
      parameters: [{ name: 'input' }, { name: 'color', description: 'Its colour.' }],
      tags: ['mutation', 'Out'],
      readOnly: false,
      destructive: false,
      deprecated: false,
    })
  })

  it.each([
    ['SDL', PETS],
    ['an introspection result', JSON.stringify(introspect(PETS))],
    ['an introspection response', JSON.stringify({ data: introspect(PETS) })],
    ['bytes', Buffer.from(PETS)],
    ['gzipped bytes', gzipSync(JSON.stringify({ data: introspect(PETS) }))],
    ['a byte order mark', `\uFEFF${PETS}`],
  ])('reads %s', async (_name, source) => {
    const { summary } = await read(source)

    expect(summary).toMatchObject({ queryCount: 2, mutationCount: 4 })
  })

  it('gives the same hash to the same schema in another order', async () => {
    const { __schema } = introspect(PETS)
    const reversed = { __schema: { ...__schema, types: __schema.types.toReversed() } }

    const one = await read(JSON.stringify({ __schema }))
    const other = await read(JSON.stringify(reversed))

    expect(other.summary.hash).toBe(one.summary.hash)
  })

  it('gives another hash to an operation whose input objects change', async () => {
    const of = (field: string) =>
      `type Query { a: Int } input In { ${field}: Int } type Mutation { set(in: In): Int }`

    const one = await read(of('x'))
    const other = await read(of('y'))

    expect(one.summary.hash).not.toBe(other.summary.hash)
  })

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '  ', 'The schema is empty.'],
    ['a page', '<!doctype html>', 'a page in HTML'],
    ['broken JSON', '{"data":', 'not valid JSON'],
    ['other JSON', '{"openapi":"3.1.0"}', 'it has no "__schema"'],
    ['a list', '[]', 'it has no "__schema"'],
    [
      'a refusal',
      '{"errors":[{"message":"Not for you"}]}',
      'does not tell its schema: Not for you',
    ],
    ['broken SDL', 'type Query {', 'not valid GraphQL'],
    ['SDL of unknown types', 'type Query { a: Nowhere }', 'Unknown type'],
    ['a query', 'query { a }', 'not valid GraphQL'],
    ['broken gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0]), 'cannot be unpacked'],
  ])('says what is wrong with %s', async (_name, source, message) => {
    await expect(read(source)).rejects.toMatchObject({
      reason: 'graphql_introspection_failed',
      message: expect.stringContaining(message),
    })
  })

  it('says so when there is nothing to call', async () => {
    const { summary } = await read('{"__schema":{"types":[]}}')

    expect(summary.warnings).toEqual(['The schema has neither a query nor a mutation.'])
  })
})

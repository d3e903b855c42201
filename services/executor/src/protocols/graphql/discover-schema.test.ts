import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { json, reply, startUpstream, type Wire } from '../test/upstream.ts'
import { discoverSchema } from './discover-schema.ts'
import { anAccess, egress } from './fixtures.ts'

afterAll(() => egress.close())

const SCHEMA = { data: { __schema: { types: [] } } }
const queryOf = ({ body }: Wire) => JSON.parse(body.toString()).query as string
const unpack = (schema: string) => gunzipSync(Buffer.from(schema, 'base64')).toString()

describe('discoverSchema', () => {
  it('asks for everything that a tool is made of, in one query', async () => {
    await using upstream = await startUpstream(json(SCHEMA))

    const { schema } = await discoverSchema(anAccess({ endpoint: upstream.origin }))

    expect(JSON.parse(unpack(schema))).toEqual(SCHEMA)
    expect(upstream.wires).toHaveLength(1)
    const query = queryOf(upstream.wire)
    for (const part of ['possibleTypes', 'interfaces', 'isOneOf', 'specifiedByURL', 'defaultValue'])
      expect(query).toContain(part)
    expect(query).toContain('args(includeDeprecated: true)')
  })

  it('asks older servers for what they know', async () => {
    await using upstream = await startUpstream((wire) =>
      queryOf(wire).includes('isOneOf') || queryOf(wire).includes('args(')
        ? json({ errors: [{ message: 'Cannot query field "isOneOf" on type "__Type".' }] }, 400)
        : json(SCHEMA),
    )

    const { schema } = await discoverSchema(anAccess({ endpoint: upstream.origin }))

    expect(upstream.wires).toHaveLength(3)
    expect(unpack(schema)).toContain('__schema')
  })

  it('shows its credential', async () => {
    await using upstream = await startUpstream(json(SCHEMA))

    await discoverSchema(
      anAccess({ endpoint: upstream.origin, template: 'bearer', values: { token: 'S3cretKey!' } }),
    )

    expect(upstream.wire.headers.authorization).toBe('Bearer S3cretKey!')
  })

  it('hands no credential on that comes back in the schema or in a refusal', async () => {
    const options = { template: 'bearer', values: { token: 'S3cretKey!' } }
    const echo = { data: { __schema: { description: 'for S3cretKey!', types: [] } } }
    await using schemas = await startUpstream(json(echo))
    await using refusals = await startUpstream(json({ errors: [{ message: 'no S3cretKey!' }] }))

    const { schema } = await discoverSchema(anAccess({ endpoint: schemas.origin, ...options }))
    const refused = discoverSchema(anAccess({ endpoint: refusals.origin, ...options }))

    expect(unpack(schema)).toContain('for [secret]')
    await expect(refused).rejects.toThrow('does not tell its schema: no [secret].')
  })

  it.each([401, 403])('asks for an account after %i', async (status) => {
    await using upstream = await startUpstream(json({ message: 'Who are you?' }, status))

    await expect(discoverSchema(anAccess({ endpoint: upstream.origin }))).rejects.toMatchObject({
      code: 'failed_precondition',
      reason: 'graphql_credential_needed',
    })
    expect(upstream.wires).toHaveLength(1)
  })

  it('asks for a whole credential before it sends anything', async () => {
    await using upstream = await startUpstream(json(SCHEMA))

    const asked = discoverSchema(anAccess({ endpoint: upstream.origin, template: 'bearer' }))

    await expect(asked).rejects.toMatchObject({ reason: 'graphql_credential_needed' })
    expect(upstream.wires).toEqual([])
  })

  it('gives up on a server that answers none of its questions', async () => {
    await using upstream = await startUpstream(
      json({ errors: [{ message: 'Introspection is off' }] }),
    )

    await expect(discoverSchema(anAccess({ endpoint: upstream.origin }))).rejects.toMatchObject({
      code: 'failed_precondition',
      reason: 'graphql_introspection_failed',
      message: expect.stringContaining('Introspection is off'),
    })
    expect(upstream.wires).toHaveLength(3)
  })

  it.each<[string, Buffer, string]>([
    ['a page', reply(200, { 'content-type': 'text/html' }, '<html>'), 'invalid_argument'],
    ['nothing there', reply(404, {}, 'Not found'), 'invalid_argument'],
    ['an outage', reply(503, {}, ''), 'unavailable'],
  ])('tells %s apart', async (_name, answer, code) => {
    await using upstream = await startUpstream(answer)

    await expect(discoverSchema(anAccess({ endpoint: upstream.origin }))).rejects.toMatchObject({
      code,
      reason: 'graphql_introspection_failed',
    })
    expect(upstream.wires).toHaveLength(1)
  })

  it('passes on a large schema without reading it', async () => {
    const large = `{"data":{"__schema":{"description":"${'x'.repeat(100_000)}"`
    await using upstream = await startUpstream(
      reply(200, { 'content-type': 'application/json' }, large),
    )

    const { schema } = await discoverSchema(anAccess({ endpoint: upstream.origin }))

    expect(unpack(schema)).toBe(large)
  })
})

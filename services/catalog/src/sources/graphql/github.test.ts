import { gzipSync } from 'node:zlib'
import { servicePrincipal } from '@executor/contracts'
import { schema as github } from '@octokit/graphql-schema'
import { buildClientSchema, buildSchema, type GraphQLSchema, parse, validate } from 'graphql'
import { getIntrospectionQuery } from 'graphql/utilities'
import { afterAll, describe, expect, it } from 'vitest'
import { startGraphql } from '../../../../../e2e/harness/graphql-upstream.ts'
import type { JsonObject } from '../openapi/reader/json.ts'
import type { ImportedSnapshot } from '../source.ts'
import { createGraphqlKind } from './graphql.ts'
import { type ReadOperation, read } from './reader/fixtures.ts'

const sdl = github.idl
const json = JSON.stringify(github.json)
/** GitHub deprecates fields that its interfaces do not, which the library would refuse to serve. */
const KNOWN_FAULTS = { assumeValid: true }

function namesOf(schema: GraphQLSchema): string[] {
  const of = (kind: string, fields: object = {}) =>
    Object.keys(fields).map((name) => `${kind}.${name}`)
  return [
    ...of('query', schema.getQueryType()?.getFields()),
    ...of('mutation', schema.getMutationType()?.getFields()),
  ].sort()
}

describe("GitHub's schema", () => {
  it.each<[string, string, () => GraphQLSchema]>([
    ['SDL', sdl, () => buildSchema(sdl, KNOWN_FAULTS)],
    ['an introspection result', json, () => buildClientSchema(JSON.parse(json), KNOWN_FAULTS)],
  ])('as %s: every field is a tool, every document is valid', async (_name, source, build) => {
    const { operations } = await read(source)
    const schema = build()

    expect([...operations.keys()]).toEqual(namesOf(schema))
    const invalid = [...operations.values()].flatMap(({ name, binding }) =>
      validate(schema, parse(binding.document)).map(({ message }) => `${name}: ${message}`),
    )
    expect(invalid).toEqual([])
  })

  it('behind a real server: is imported from it, and every tool gets an answer', async () => {
    const schema = buildSchema(sdl, KNOWN_FAULTS)
    await using server = await startGraphql(sdl)
    const source = await kind.add({ endpoint: server.endpoint, name: 'GitHub' }, context)
    const { operations, definitions } = await collect(source.snapshot)
    source.close()

    const failed: string[] = []
    for (const { name, binding, inputSchema, outputSchema } of operations) {
      const variables = example(inputSchema, definitions) as JsonObject
      const answer = await post(server.endpoint, {
        query: binding.document,
        operationName: binding.field,
        variables,
      })
      const data = answer.data as JsonObject | null | undefined
      const problem = answer.errors ?? misfit(outputSchema, data, definitions)
      if (problem) failed.push(`${name}: ${JSON.stringify(problem).slice(0, 300)}`)
    }

    expect(source).toMatchObject({
      name: 'GitHub',
      suggestedSlug: 'github',
      config: { schema: 'public' },
      warnings: [],
    })
    expect(operations.map(({ name }) => name)).toEqual(namesOf(schema))
    expect(failed).toEqual([])
  }, 120_000)
})

const context = { principal: servicePrincipal('t'), signal: new AbortController().signal }
const kind = createGraphqlKind({
  async discover({ config }) {
    const { endpoint } = config as { endpoint: string }
    const query = getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true })
    const answer = await post(endpoint, { query })
    return { schema: gzipSync(JSON.stringify(answer)).toString('base64') }
  },
})
afterAll(() => kind.close())

async function post(endpoint: string, body: object): Promise<JsonObject> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await response.json()) as JsonObject
}

async function collect({ operations, definitions }: ImportedSnapshot) {
  const found: ReadOperation[] = []
  for await (const batch of operations)
    for (const { listing, detail, refs } of batch)
      found.push({ ...JSON.parse(listing), ...JSON.parse(detail), refs })
  const defined = new Map<string, JsonObject>()
  for await (const batch of definitions)
    for (const { name, json: text } of batch) defined.set(name, JSON.parse(text))
  return { operations: found, definitions: defined }
}

type Definitions = ReadonlyMap<string, JsonObject>

function resolve(schema: JsonObject, definitions: Definitions): JsonObject {
  const { $ref } = schema
  if (typeof $ref !== 'string') return schema
  return definitions.get($ref.replace('#/$defs/', '')) ?? {}
}

/** The least that a schema asks for. */
function example(schema: JsonObject, definitions: Definitions): unknown {
  const known = resolve(schema, definitions)
  if (Array.isArray(known.oneOf)) return example(known.oneOf[0], definitions)
  if (Array.isArray(known.enum)) return known.enum[0]
  const [type] = [known.type].flat()
  if (type === 'array') return []
  if (type === 'integer' || type === 'number') return 1
  if (type === 'boolean') return true
  if (type !== 'object') return 'text'
  const required = (known.required ?? []) as string[]
  const properties = known.properties as Record<string, JsonObject>
  return Object.fromEntries(
    required.map((name) => [name, example(properties[name] ?? {}, definitions)]),
  )
}

/** Where an answer is not what the output schema says; null where it is. */
function misfit(schema: JsonObject, value: unknown, definitions: Definitions): string | null {
  const known = resolve(schema, definitions)
  if (Array.isArray(known.anyOf)) {
    const misfits = known.anyOf.map((choice) => misfit(choice, value, definitions))
    return misfits.includes(null) ? null : String(misfits[0])
  }
  if (Array.isArray(known.enum)) return known.enum.includes(value) ? null : `no ${value}`
  const types = [known.type ?? []].flat()
  if (types.length > 0 && !types.includes(typeOf(value)) && !types.includes('number'))
    return `${typeOf(value)} where ${types.join(' or ')} was said`
  if (Array.isArray(value))
    return (
      value.map((item) => misfit(known.items as JsonObject, item, definitions)).find(Boolean) ??
      null
    )
  if (typeof value !== 'object' || value === null) return null
  const properties = known.properties as Record<string, JsonObject>
  const missing = (known.required as string[]).find((name) => !(name in value))
  if (missing) return `${missing} is missing`
  const found = Object.entries(value).map(([name, inner]) =>
    properties[name] ? misfit(properties[name], inner, definitions) : `${name} was not said`,
  )
  return found.find(Boolean) ?? null
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value
}

import type { ToolDescription } from '@executor/contracts'
import { schema as github } from '@octokit/graphql-schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { type GraphqlUpstream, startGraphql } from '../harness/graphql-upstream.ts'
import { useStage } from '../harness/stage.ts'
import { addRule, connect, execute, invoke, succeed } from '../harness/steps.ts'
import { inParallel } from '../harness/waiting.ts'

const SDL = `
  scalar DateTime
  scalar BigInt
  scalar JSON
  enum Mood { GLAD SAD @deprecated(reason: "Cheer up.") }
  interface Node { id: ID! }
  type Person implements Node { id: ID! name: String! born: DateTime wealth: BigInt traits: JSON mood: Mood home: Address boss: Person }
  type Address { street: String city: String! }
  type Robot implements Node { id: ID! name: String serial: Int! }
  union Worker = Person | Robot
  input NewPerson { name: String!, mood: Mood = GLAD, traits: JSON }
  type Query {
    person(id: ID!): Person
    node(id: ID!): Node
    workers: [Worker!]!
    fragile: Person
    now: DateTime!
    oldest: Person @deprecated(reason: "Use person.")
  }
  type Mutation { hire(person: NewPerson!, at: DateTime): Person! fire(id: ID!): Boolean! }
  type Subscription { hired: Person! fired: ID! }
`
const ada = {
  __typename: 'Person',
  id: '1',
  name: 'Ada',
  born: '1815-12-10T00:00:00Z',
  wealth: '12345678901234567890',
  traits: { bright: true, years: [36] },
  mood: 'GLAD',
  home: { street: null, city: 'London' },
}
const robot = { __typename: 'Robot', id: '2', name: null, serial: 7 }
const VALUES = {
  person: ({ id }: Record<string, unknown>) => (id === '1' ? { ...ada, boss: ada } : null),
  node: ({ id }: Record<string, unknown>) => (id === '2' ? robot : ada),
  workers: () => [ada, robot],
  fragile: () => ({
    ...ada,
    mood: () => {
      throw new TypeError('no mood today')
    },
  }),
  now: () => '2026-01-01T00:00:00Z',
  oldest: () => ada,
  hire: ({ person }: Record<string, unknown>) => ({ ...ada, ...(person as object) }),
  fire: () => true,
}

describe.each(forms)('GraphQL on the $name form', ({ open }) => {
  const stage = useStage(open)
  let people: GraphqlUpstream | null = null
  let added: Record<string, unknown>
  const call = async (field: string, args: object = {}) =>
    (await invoke(stage.form, `people.org.main.${field}`, args)).body as {
      ok: boolean
      data?: Record<string, unknown>
      error?: { code: string; message: string; details: unknown }
    }
  const describeTool = async (address: string) =>
    (await succeed(stage.form, 'GET', `/api/tools/schema?address=${address}`))
      .body as ToolDescription

  beforeAll(async () => {
    const server = await startGraphql(SDL, VALUES)
    people = server
    const input = { endpoint: server.endpoint, slug: 'people' }
    added = (await succeed(stage.form, 'POST', '/api/graphql/integrations', input))
      .body as typeof added
    await connect(stage.form, { integration: 'people', name: 'main', template: 'none' })
    await addRule(stage.form, 'people.*', 'approve')
  })
  afterAll(() => people?.close())

  it('names what it cannot call, when it is added and ever after', async () => {
    const settings = await succeed(stage.form, 'GET', '/api/graphql/integrations/people/config')

    expect(added).toMatchObject({ slug: 'people', toolCount: 8 })
    expect(JSON.stringify(added.warnings)).toMatch(/Subscriptions.*fired, hired/)
    expect(settings.body).toMatchObject({ subscriptions: ['fired', 'hired'] })
    expect((await call('subscription.hired')).error).toMatchObject({ code: 'tool_not_found' })
  })

  it('is added, connected and looked at through tools of the instance itself', async () => {
    const { form } = stage
    const core = async (name: string, args: object) =>
      (await invoke(form, `executor.${name}`, args)).body as { ok: boolean; data: unknown }
    const account = { owner: 'org', integration: 'staff', name: 'main' }

    const adding = { endpoint: people?.endpoint, slug: 'staff' }
    expect(await core('graphql.addIntegration', adding)).toMatchObject({ data: { toolCount: 8 } })
    const connecting = { ...account, template: 'none' }
    expect(await core('coreTools.connections.create', connecting)).toMatchObject({ ok: true })

    const found = await core('graphql.getIntegration', { slug: 'staff' })
    const again = await core('coreTools.connections.refresh', account)
    const items = await core('coreTools.providers.items', { key: 'encrypted' })
    expect(found).toMatchObject({ data: { config: { endpoint: people?.endpoint } } })
    expect(again).toMatchObject({ ok: true, data: { slug: 'staff', addedTools: [] } })
    expect(items).toMatchObject({ ok: true, data: [] })
  })

  it('selects leaves, what they lead to, and every variant by default', async () => {
    const person = await call('query.person', { id: '1' })
    const workers = await call('query.workers')
    const node = await call('query.node', { id: 2 })

    expect(person).toMatchObject({
      ok: true,
      data: {
        person: {
          id: '1',
          born: ada.born,
          wealth: ada.wealth,
          traits: ada.traits,
          home: { city: 'London' },
        },
      },
    })
    expect(workers.data?.workers).toMatchObject([
      { __typename: 'Person', name: 'Ada' },
      { __typename: 'Robot', serial: 7 },
    ])
    expect(node.data?.node).toMatchObject({ __typename: 'Robot', id: '2', serial: 7 })
  })

  it('answers what its output schema says', async () => {
    const { outputSchema, inputTypeScript, outputTypeScript } = await describeTool(
      'people.org.main.query.workers',
    )
    const { data } = await call('query.workers')

    const workers = data?.workers as object[]
    const worker = (outputSchema as Schema).properties?.workers?.items
    const said = Object.keys(worker?.properties ?? {})
    for (const one of workers) for (const name of Object.keys(one)) expect(said).toContain(name)
    expect(worker?.required).toEqual(['__typename'])
    expect(inputTypeScript).toContain('select?: string')
    expect(outputTypeScript).toContain('workers')
  })

  it('takes another selection, and says what is wrong with one', async () => {
    const chosen = await call('query.node', {
      id: '1',
      select: '{ id ... on Person { boss: name } ... on Robot { serial } }',
    })
    const broken = await call('query.person', { id: '1', select: '{ id } } evil { id' })
    const unknown = await call('query.person', { id: '1', select: '{ salary }' })

    expect(chosen.data).toEqual({ node: { id: '1', boss: 'Ada' } })
    expect(broken.error).toMatchObject({ code: 'graphql_invalid_selection' })
    expect(unknown.error?.message).toContain('salary')
  })

  it('keeps what could be answered beside what could not', async () => {
    const { error } = await call('query.fragile')

    expect(error).toMatchObject({
      code: 'graphql_errors',
      message: expect.stringContaining('no mood today (fragile.mood)'),
      details: {
        data: { fragile: { name: 'Ada', mood: null } },
        errors: [{ path: ['fragile', 'mood'] }],
      },
    })
  })

  it('shows what is deprecated, in tools and in values', async () => {
    const oldest = await describeTool('people.org.main.query.oldest')
    const hire = await describeTool('people.org.main.mutation.hire')

    expect(oldest.description).toContain('Deprecated: Use person.')
    expect(oldest.annotations).toMatchObject({ deprecated: true })
    expect(JSON.stringify(hire.schemaDefinitions.Mood)).toContain('deprecated: Cheer up.')
  })

  it('takes custom scalars, defaults and input objects, and refuses what does not fit', async () => {
    const hired = await call('mutation.hire', {
      person: { name: 'Bob', traits: { any: [1, null] } },
      at: '2026-01-01T00:00:00Z',
    })
    const wrong = await call('mutation.hire', { person: { mood: 'BORED' } })

    expect(hired.data?.hire).toMatchObject({
      name: 'Bob',
      mood: 'GLAD',
      traits: { any: [1, null] },
    })
    expect(wrong.error).toMatchObject({ code: 'invalid_tool_arguments' })
    expect(wrong.error?.message).toMatch(/name/)
    expect((await describeTool('people.org.main.mutation.fire')).annotations).toMatchObject({
      readOnly: false,
      requiresApproval: true,
    })
  })

  it('is the same from agent code', async () => {
    const code = `
      const { data } = await tools.people.org.main.query.person({ id: '1', select: 'name' })
      return data`
    const { body } = await execute(stage.form, code)

    expect(JSON.stringify(body)).toContain('{"person":{"name":"Ada"}}')
  })

  it("calls every field of GitHub's schema with its default selection", async () => {
    const { form } = stage
    const server = await startGraphql(github.idl)
    try {
      const input = { endpoint: server.endpoint, slug: 'github' }
      await succeed(form, 'POST', '/api/graphql/integrations', input)
      await connect(form, { integration: 'github', name: 'main', template: 'none' })
      await addRule(form, 'github.*', 'approve')
      const tools = (await succeed(form, 'GET', '/api/tools?integration=github')).body as {
        address: string
      }[]

      const failures = await inParallel(tools.length, 4, async (at) => {
        const address = tools[at]?.address ?? ''
        const { inputSchema, schemaDefinitions } = await describeTool(address)
        const args = example(inputSchema as Schema, schemaDefinitions as Record<string, Schema>)
        const { body, text } = await invoke(form, address, args as object)
        return (body as { ok: boolean }).ok ? [] : [`${address}: ${text.slice(0, 300)}`]
      })

      expect(tools.length).toBeGreaterThan(250)
      expect(failures.flat()).toEqual([])
    } finally {
      await server.close()
    }
  }, 400_000)
})

interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  oneOf?: Schema[]
  items?: Schema
  required?: string[]
  properties?: Record<string, Schema>
}

/** The least that a schema asks for. */
function example(schema: Schema, definitions: Record<string, Schema>): unknown {
  const known = schema.$ref ? (definitions[schema.$ref.replace('#/$defs/', '')] ?? {}) : schema
  if (known.oneOf?.[0]) return example(known.oneOf[0], definitions)
  if (known.enum) return known.enum[0]
  const [type] = [known.type].flat()
  if (type === 'array') return []
  if (type === 'integer' || type === 'number') return 1
  if (type === 'boolean') return true
  if (type !== 'object') return 'text'
  const required = known.required ?? []
  return Object.fromEntries(
    required.map((name) => [name, example(known.properties?.[name] ?? {}, definitions)]),
  )
}

import { describe, expect, it } from 'vitest'
import { readOne, selectionOf } from './fixtures.ts'

describe('the default selection', () => {
  it('takes scalars and enums, what identifies a thing first', async () => {
    const sdl = `
      type Query { thing: Thing }
      enum Color { RED }
      type Thing { weight: Float color: Color tags: [String!]! name: String id: ID! }`

    expect(await selectionOf(sdl, 'thing')).toBe('{ id name color tags weight }')
  })

  it('takes the most telling fields of objects right inside', async () => {
    const sdl = `
      type Query { issue: Issue }
      type Issue { id: ID author: User }
      type User { z: Int y: Int x: Int w: Int v: Int u: Int login: String company: Company }
      type Company { id: ID }`

    expect(await selectionOf(sdl, 'issue')).toBe('{ id author { login u v w x } }')
  })

  it('passes over what asks for arguments, and what should not be used any more', async () => {
    const sdl = `
      type Query { user: User }
      type User {
        id: ID
        avatar(size: Int!): String
        photo(size: Int! = 3): String
        old: String @deprecated
        friend(id: ID!): User
        boss: Boss @deprecated(reason: "nobody has one")
      }
      type Boss { id: ID }`

    expect(await selectionOf(sdl, 'user')).toBe('{ id photo }')
  })

  it('leaves HTML out that says the same once more', async () => {
    const sdl =
      'type Query { post: Post } type Post { body: String bodyHTML: String noteHTML: String }'

    expect(await selectionOf(sdl, 'post')).toBe('{ body noteHTML }')
  })

  it('does not go round in circles', async () => {
    const sdl = `
      type Query { node: Node }
      type Node { id: ID parent: Node children: [Node!]! other: Other }
      type Other { id: ID node: Node }`

    expect(await selectionOf(sdl, 'node')).toBe('{ id other { id } }')
  })

  it('looks through objects that say nothing themselves', async () => {
    const sdl = `
      type Query { a: Int }
      type Mutation { createIssue: Payload }
      type Payload { clientMutationId: String issue: Issue errors: [Problem!] }
      type Issue { id: ID title: String weight: Int author: User }
      type User { id: ID name: String }
      type Problem { message: String field: String code: Int }`

    const { binding } = await readOne(sdl, 'mutation.createIssue')

    expect(binding.document).toBe(
      'mutation createIssue { createIssue { clientMutationId errors { message code field } issue { id title weight author { id name } } } }',
    )
  })

  it('gives up on boxes inside boxes', async () => {
    const boxes = Array.from({ length: 20 }, (_, n) => `type B${n} { b: B${n + 1} }`).join(' ')

    expect(await selectionOf(`type Query { box: B0 } ${boxes} type B20 { id: ID }`, 'box')).toBe(
      '{ __typename }',
    )
  })

  it('reads a page of a connection, and tells where the next one begins', async () => {
    const { binding } = await readOne(
      `type Query { issues(first: Int, after: String, last: Int, before: String): IssueConnection! }
       type IssueConnection { totalCount: Int! nodes: [Issue] edges: [IssueEdge] pageInfo: PageInfo! }
       type IssueEdge { cursor: String! node: Issue }
       type Issue { id: ID comments(first: Int): CommentConnection }
       type CommentConnection { totalCount: Int nodes: [Comment] pageInfo: PageInfo! }
       type Comment { id: ID }
       type PageInfo { hasNextPage: Boolean! endCursor: String }`,
      'query.issues',
    )

    expect(binding.document).toContain(
      '{ totalCount nodes { id } pageInfo { endCursor hasNextPage } }',
    )
    expect(binding.pageSize).toBe(20)
  })

  it('reads edges where there are no nodes, with what they say themselves', async () => {
    const sdl = `
      type Query { members(first: Int): MemberConnection }
      type MemberConnection { edges: [MemberEdge] pageInfo: PageInfo! }
      type MemberEdge { cursor: String role: String node: User }
      type User { id: ID team: Team }
      type Team { id: ID name: String }
      type PageInfo { hasNextPage: Boolean! }`

    expect(await selectionOf(sdl, 'members')).toBe(
      '{ edges { cursor role node { id team { id name } } } pageInfo { hasNextPage } }',
    )
  })

  it('bounds the pages inside an object that says nothing itself', async () => {
    const sdl = `
      type Query { page: Page }
      type Page { issues(first: Int, after: String): IssueConnection all: TeamConnection }
      type IssueConnection { nodes: [Issue] pageInfo: PageInfo! }
      type TeamConnection { nodes: [Issue] pageInfo: PageInfo! }
      type Issue { id: ID }
      type PageInfo { hasNextPage: Boolean! }`

    expect(await selectionOf(sdl, 'page')).toBe(
      '{ all { nodes { id } pageInfo { hasNextPage } } issues(first: 20) { nodes { id } pageInfo { hasNextPage } } }',
    )
  })

  it('says less of each entry of a list', async () => {
    const fields = Array.from({ length: 40 }, (_, n) => `f${n}: Int`).join(' ')
    const sdl = `type Query { one: Thing all: [Thing!]! } type Thing { ${fields} }`

    const one = await selectionOf(sdl, 'one')
    const all = await selectionOf(sdl, 'all')

    expect(one.split(' ')).toHaveLength(42)
    expect(all.split(' ')).toHaveLength(22)
  })

  it('tells the variants of a union apart', async () => {
    const sdl = `
      type Query { found: Found }
      union Found = User | Repo | Empty
      type User { id: ID login: String }
      type Repo { id: ID stars: Int }
      type Empty { secret(key: ID!): String }`

    expect(await selectionOf(sdl, 'found')).toBe(
      '{ __typename ... on Repo { id stars } ... on User { id login } }',
    )
  })

  it('takes the fields of an interface once, and of its variants what they add', async () => {
    const sdl = `
      type Query { actor: Actor }
      interface Actor { login: String }
      type User implements Actor { login: String! email: String }
      type Bot implements Actor { login: String! owner: User }`

    expect(await selectionOf(sdl, 'actor')).toBe(
      '{ __typename login ... on Bot { owner { login email } } ... on User { email } }',
    )
  })

  it('gives fields of one name and another shape names of their own', async () => {
    const { binding, outputSchema } = await readOne(
      `type Query { item: Item }
       union Item = Issue | Draft | Note
       enum State { OPEN }
       type Issue { state: State! by: User }
       type Draft { state: String by: User }
       type Note { state: State! by: [User] }
       type User { id: ID }`,
      'query.item',
    )

    expect(binding.document).toContain(
      '{ __typename ... on Draft { state by { id } } ... on Issue { state_Issue: state by { id } } ... on Note { state_Note: state by_Note: by { id } } }',
    )
    expect(outputSchema).toMatchObject({
      properties: {
        item: {
          properties: {
            __typename: { type: 'string' },
            state: { type: ['string', 'null'] },
            state_Issue: { $ref: '#/$defs/State' },
            by_Note: { type: ['array', 'null'] },
          },
          required: ['__typename'],
        },
      },
    })
  })

  it('selects nothing of a scalar', async () => {
    const { binding, inputSchema } = await readOne(
      'type Query { version: String! }',
      'query.version',
    )

    expect(binding).toEqual({
      operation: 'query',
      field: 'version',
      document: 'query version { version }',
      variables: [],
    })
    expect(inputSchema).toEqual({ type: 'object', properties: {}, additionalProperties: false })
  })

  it('asks of the root inside the root nothing but its name', async () => {
    expect(await selectionOf('type Query { relay: Query! id: ID }', 'relay')).toBe('{ __typename }')
  })

  it('is the same whatever order the fields have', async () => {
    const one = 'type Query { t: T } type T { b: U a: Int id: ID } type U { y: Int x: Int }'
    const other = 'type U { x: Int y: Int } type T { id: ID a: Int b: U } type Query { t: T }'

    expect(await selectionOf(one, 't')).toBe(await selectionOf(other, 't'))
  })

  it('stays within its bounds in a maze', async () => {
    const size = 60
    const types = Array.from({ length: size }, (_, n) => {
      const doors = Array.from({ length: size }, (__, to) => `d${to}: T${to}`).join(' ')
      return `type T${n} { ${doors} }`
    })

    expect(await selectionOf(`type Query { maze: T0 } ${types.join(' ')}`, 'maze')).toBe(
      '{ __typename }',
    )
  })
})

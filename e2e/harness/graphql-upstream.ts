import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { GraphQLOutputType, GraphQLSchema } from 'graphql'

/** Its types would bring those of browsers into everything that is compiled together with it. */
const require = createRequire(import.meta.url)
const { createYoga } = require('graphql-yoga') as {
  createYoga(options: object): RequestListener
}
// The very copy that the server works with: test runners pick another one for what they import.
const graphql = require('graphql') as typeof import('graphql')

export interface GraphqlUpstream extends AsyncDisposable {
  endpoint: string
  close(): Promise<void>
}

/** Answers of root fields by their names; whatever else is asked for is what it is in the answer. */
export type RootValues = Record<string, (args: Record<string, unknown>) => unknown>

/** A real server of a schema in SDL. Without answers of its own every field answers a value of its type. */
export async function startGraphql(sdl: string, values?: RootValues): Promise<GraphqlUpstream> {
  const schema = graphql.buildSchema(sdl, { assumeValid: true })
  if (values) answerRoots(schema, values)
  else mockByType(schema)
  const yoga = createYoga({
    schema,
    logging: false,
    maskedErrors: false,
    landingPage: false,
    graphiql: false,
  })
  const server = createServer(yoga)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return {
    endpoint: `http://127.0.0.1:${port}/graphql`,
    close,
    [Symbol.asyncDispose]: close,
  }
}

function answerRoots(schema: GraphQLSchema, values: RootValues): void {
  for (const root of [schema.getQueryType(), schema.getMutationType()])
    for (const [name, field] of Object.entries(root?.getFields() ?? {}))
      field.resolve = (_, args) => values[name]?.(args)
}

function mockByType(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue
    if (graphql.isAbstractType(type))
      type.resolveType = () => schema.getPossibleTypes(type)[0]?.name
    if (!graphql.isObjectType(type)) continue
    for (const field of Object.values(type.getFields())) field.resolve = () => mockOf(field.type)
  }
}

const SCALARS: Record<string, unknown> = { Int: 7, Float: 1.5, Boolean: true }

function mockOf(type: GraphQLOutputType): unknown {
  const nullable = graphql.getNullableType(type)
  if (graphql.isListType(nullable)) return [mockOf(nullable.ofType), mockOf(nullable.ofType)]
  const named = graphql.getNamedType(nullable)
  if (graphql.isEnumType(named)) return named.getValues()[0]?.value
  return graphql.isObjectType(named) || graphql.isAbstractType(named)
    ? {}
    : (SCALARS[named.name] ?? 'text')
}

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
const {
  buildSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isListType,
  isObjectType,
} = require('graphql') as typeof import('graphql')

export interface GraphqlServer extends AsyncDisposable {
  endpoint: string
}

/** A real server of a schema in SDL, whose every field answers a value of its type. */
export async function startYoga(sdl: string): Promise<GraphqlServer> {
  const schema = buildSchema(sdl, { assumeValid: true })
  mockByType(schema)
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
  return {
    endpoint: `http://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function mockByType(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue
    if (isAbstractType(type)) type.resolveType = () => schema.getPossibleTypes(type)[0]?.name
    if (!isObjectType(type)) continue
    for (const field of Object.values(type.getFields())) field.resolve = () => mockOf(field.type)
  }
}

const SCALARS: Record<string, unknown> = { Int: 7, Float: 1.5, Boolean: true }

function mockOf(type: GraphQLOutputType): unknown {
  const nullable = getNullableType(type)
  if (isListType(nullable)) return [mockOf(nullable.ofType), mockOf(nullable.ofType)]
  const named = getNamedType(nullable)
  if (isEnumType(named)) return named.getValues()[0]?.value
  return isObjectType(named) || isAbstractType(named) ? {} : (SCALARS[named.name] ?? 'text')
}

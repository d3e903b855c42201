import { createGraphql } from './graphql/graphql.ts'
import { createMcp, type McpOptions } from './mcp/mcp.ts'
import { createOpenapi } from './openapi/openapi.ts'
import type { Protocol, Protocols } from './protocol.ts'

/** Every kind of integration that can be called. A new kind is a folder and a line here. */
export function createProtocols(options: McpOptions): Protocols {
  const protocols: Protocol[] = [createOpenapi(), createGraphql(), createMcp(options)]
  return new Map(protocols.map((protocol) => [protocol.kind, protocol]))
}

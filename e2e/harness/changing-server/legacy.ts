// biome-ignore-start lint/correctness/noUnresolvedImports: the package names its files by a pattern.
import { randomUUID } from 'node:crypto'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
// biome-ignore-end lint/correctness/noUnresolvedImports: the package names its files by a pattern.
import { callTool, offered, onChange } from './tools.ts'

type Transport = Parameters<Server['connect']>[0]

/** The revisions that shake hands, as the earlier SDK serves them. */
function createServer(): Server {
  const server = new Server(
    { name: 'changing', version: '1.0.0' },
    { capabilities: { tools: { listChanged: true } } },
  )
  server.setRequestHandler(ListToolsRequestSchema, offered)
  server.setRequestHandler(CallToolRequestSchema, ({ params }) =>
    callTool(params.name, params.arguments),
  )
  const stop = onChange(() => void server.sendToolListChanged())
  server.onclose = stop
  return server
}

export async function serveLegacyStdio(): Promise<void> {
  await createServer().connect(new StdioServerTransport())
}

/** Each client has a session, and is told on the stream it keeps open. */
export function createLegacyHandler(): (request: Request) => Promise<Response> {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  return async (request) => {
    const known = sessions.get(request.headers.get('mcp-session-id') ?? '')
    if (known) return known.handleRequest(request)
    if (request.headers.has('mcp-session-id')) return new Response(null, { status: 404 })
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    })
    // Its own types disagree under exactOptionalPropertyTypes.
    await createServer().connect(transport as Transport)
    return transport.handleRequest(request)
  }
}

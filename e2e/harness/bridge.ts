// biome-ignore-start lint/correctness/noUnresolvedImports: the package names its files by a pattern.
import { randomUUID } from 'node:crypto'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
// biome-ignore-end lint/correctness/noUnresolvedImports: the package names its files by a pattern.
import type { HttpServer } from './mcp-servers.ts'
import { serveFetch } from './serve-fetch.ts'

/** Puts a server that speaks over its pipes behind streamable HTTP: a process for each session. */
export async function bridgeToHttp(command: string, args: string[]): Promise<HttpServer> {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  const pipes = new Set<StdioClientTransport>()

  async function open(): Promise<WebStandardStreamableHTTPServerTransport> {
    const pipe = new StdioClientTransport({ command, args, stderr: 'ignore' })
    const http = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, http),
      onsessionclosed: (id) => void sessions.delete(id),
    })
    http.onmessage = (message) => void pipe.send(message)
    pipe.onmessage = (message) => void http.send(message)
    http.onclose = () => void pipe.close()
    pipe.onclose = () => pipes.delete(pipe)
    pipes.add(pipe)
    await Promise.all([pipe.start(), http.start()])
    return http
  }

  const server = await serveFetch(async (request) => {
    const session = request.headers.get('mcp-session-id')
    const known = sessions.get(session ?? '')
    if (session !== null && !known) return new Response(null, { status: 404 })
    return (known ?? (await open())).handleRequest(request)
  })
  return {
    url: `${server.origin}/mcp`,
    port: Number(new URL(server.origin).port),
    async close() {
      await server.close()
      await Promise.all([...pipes].map((pipe) => pipe.close()))
    },
  }
}

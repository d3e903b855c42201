import { createMcpHandler, Server } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { callTool, offered, onChange } from './tools.ts'

/** The revision without sessions: clients are told on a stream they ask for. */
function createServer(): Server {
  const server = new Server(
    { name: 'changing', version: '1.0.0' },
    { capabilities: { tools: { listChanged: true } } },
  )
  server.setRequestHandler('tools/list', offered)
  server.setRequestHandler('tools/call', ({ params }) => callTool(params.name, params.arguments))
  return server
}

export function serveModernStdio(): void {
  serveStdio(
    () => {
      const server = createServer()
      server.onclose = onChange(() => void server.sendToolListChanged())
      return server
    },
    { legacy: 'reject' },
  )
}

export function createModernHandler(): (request: Request) => Promise<Response> {
  const handler = createMcpHandler(createServer, { legacy: 'reject' })
  onChange(() => handler.notify.toolsChanged())
  return (request) => handler.fetch(request)
}

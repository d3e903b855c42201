import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

interface Asked {
  method: string
  rpc: string
  headers: IncomingMessage['headers']
  url: string
}

/** How one request is answered; false leaves it to the server's good manners. */
type Mischief = (asked: Asked, response: ServerResponse) => boolean

/** A server over streamable HTTP, revision 2025-11-25, that does as it is told. */
export async function startServer(mischief: Mischief = () => false) {
  const requests: Asked[] = []
  const sessions = new Set<string>()
  let made = 0
  const server = createServer(async (request, response) => {
    const body = request.method === 'POST' ? ((await json(request)) as Message) : {}
    const { method = '', headers, url = '' } = request
    const asked = { method, rpc: body.method ?? '', headers, url }
    requests.push(asked)
    if (mischief(asked, response)) return
    if (method === 'DELETE') return void response.writeHead(200).end()
    if (method !== 'POST') return void response.writeHead(405).end()
    answer(body, request, response)
  })

  function answer(body: Message, request: IncomingMessage, response: ServerResponse): void {
    const reply = (result: object, headers: Record<string, string> = {}) => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify({ jsonrpc: '2.0', id: body.id, result }))
    }
    if (body.id === undefined) return void response.writeHead(202).end()
    if (body.method === 'initialize') {
      const session = `session-${++made}`
      sessions.add(session)
      const serverInfo = { name: 'http', version: '1.0.0' }
      const { protocolVersion } = body.params ?? {}
      reply(
        { protocolVersion, capabilities: { tools: {} }, serverInfo },
        { 'mcp-session-id': session },
      )
    } else if (body.method === 'server/discover') {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end('{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no session"}}')
    } else if (!sessions.has(String(request.headers['mcp-session-id']))) {
      response.writeHead(404).end()
    } else if (body.method === 'tools/list') reply({ tools: [] })
    else reply({ content: [{ type: 'text', text: String(request.headers['mcp-session-id']) }] })
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    endpoint: `${origin}/mcp`,
    requests,
    forgetSessions: () => sessions.clear(),
    /** Sessions that were ended by their client. */
    goodbyes: () =>
      requests
        .filter(({ method }) => method === 'DELETE')
        .map(({ headers }) => String(headers['mcp-session-id'])),
    count: (rpc: string) => requests.filter((request) => request.rpc === rpc).length,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Message {
  id?: number | string
  method?: string
  params?: { protocolVersion?: string }
}

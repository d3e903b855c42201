import { invariant } from '@executor/contracts'
import { Agent, request } from 'undici'
import type { BenchForm } from './form.ts'

const REVISION = '2025-11-25'

export interface McpClient {
  /** Calls a tool; answers the JSON text of the whole response. */
  callTool(name: string, args: object): Promise<string>
  close(): Promise<void>
}

/** The requests that MCP clients send after their handshake, without what such a client itself costs. */
export async function openMcpClient(
  { origin, agentToken }: BenchForm,
  mode: 'code' | 'passthrough',
): Promise<McpClient> {
  const dispatcher = new Agent({ allowH2: false })
  const url = `${origin}/mcp?mode=${mode}`
  const headers: Record<string, string> = {
    authorization: `Bearer ${agentToken}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
  async function send(message: object) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    const answer = await request(url, { dispatcher, method: 'POST', headers, body })
    const text = await answer.body.text()
    invariant(answer.statusCode < 300, `MCP answers ${answer.statusCode} ${text.slice(0, 500)}`)
    return { text, session: answer.headers['mcp-session-id'] }
  }

  const clientInfo = { name: 'bench', version: '1' }
  const params = { protocolVersion: REVISION, capabilities: {}, clientInfo }
  const { session } = await send({ id: 0, method: 'initialize', params })
  if (typeof session === 'string') headers['mcp-session-id'] = session
  headers['mcp-protocol-version'] = REVISION
  await send({ method: 'notifications/initialized' })
  let id = 0
  return {
    async callTool(name, args) {
      id += 1
      const params = { name, arguments: args }
      const { text } = await send({ id, method: 'tools/call', params })
      invariant(!/"isError":true|"error":/.test(text), `${name} fails: ${text.slice(0, 500)}`)
      return text
    },
    close: () => dispatcher.destroy(),
  }
}

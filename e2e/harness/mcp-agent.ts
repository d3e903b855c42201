import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Form } from './form.ts'

/** An agent's MCP client, as agents come: connected to `/mcp` with a key. */
export async function connectAgent(
  form: Form,
  { query = '', token = form.agentToken }: { query?: string; token?: string } = {},
): Promise<Client> {
  const client = new Client({ name: 'journey', version: '1' })
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  const url = new URL(`${form.origin}/mcp${query}`)
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }))
  return client
}

/** One tool call through `/mcp`, by a client of its own. */
export async function callThroughMcp(
  form: Form,
  name: string,
  args: Record<string, unknown>,
  options: { query?: string; token?: string } = {},
) {
  const client = await connectAgent(form, options)
  try {
    return await client.callTool({ name, arguments: args })
  } finally {
    await client.close()
  }
}

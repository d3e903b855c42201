import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Form } from './form.ts'

export interface AgentOptions {
  query?: string
  token?: string
  /** `legacy` shakes hands; `auto` speaks the revision without sessions. */
  era?: 'legacy' | 'auto'
  /** What it says it can be asked, as `capabilities` has it. */
  capabilities?: Record<string, object>
  /** What its user does about each elicitation. */
  onElicit?: (params: Elicitation) => Promise<ElicitationReply> | ElicitationReply
  /** Called when it is told that the list of tools has changed. */
  listChanged?: () => void
}

export interface Elicitation {
  mode?: string
  message: string
  url?: string
  elicitationId?: string
  requestedSchema?: unknown
}

export type ElicitationReply = {
  action: 'accept' | 'decline' | 'cancel'
  content?: Record<string, string | number | boolean | string[]>
}

/** An agent's MCP client, as agents come: connected to `/mcp` with a key. */
export async function connectAgent(form: Form, options: AgentOptions = {}): Promise<Client> {
  const {
    query = '',
    token = form.agentToken,
    era = 'legacy',
    capabilities = {},
    onElicit,
    listChanged,
  } = options
  const client = new Client(
    { name: 'journey', version: '1' },
    {
      capabilities,
      versionNegotiation: { mode: era },
      ...(listChanged && {
        listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: listChanged } },
      }),
    },
  )
  if (onElicit) {
    client.setRequestHandler('elicitation/create', ({ params }) => onElicit(params as Elicitation))
  }
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  const url = new URL(`${form.origin}/mcp${query}`)
  const transport = new StreamableHTTPClientTransport(url, { requestInit, fetch: byTurns(form) })
  await client.connect(transport)
  return client
}

/** A client behind a balancer: every request reaches another instance of the gateway. */
function byTurns({ origin, doors }: Form): typeof fetch {
  let turn = 0
  return (input, init) => {
    const door = doors[turn++ % doors.length] ?? origin
    return fetch(String(input).replace(origin, door), init)
  }
}

/** One tool call through `/mcp`, by a client of its own. */
export async function callThroughMcp(
  form: Form,
  name: string,
  args: Record<string, unknown>,
  options: AgentOptions = {},
) {
  const client = await connectAgent(form, options)
  try {
    return await client.callTool({ name, arguments: args })
  } finally {
    await client.close()
  }
}

// biome-ignore-start lint/correctness/noUnresolvedImports: the package names its files by a pattern.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
// biome-ignore-end lint/correctness/noUnresolvedImports: the package names its files by a pattern.
import type { Form } from './form.ts'
import type { ElicitationReply } from './mcp-agent.ts'

/** A client of the SDK that stops at the revision of 2025-11-25, as most agents still are. */
export async function connectEarlier(
  form: Form,
  onElicit: () => ElicitationReply,
): Promise<Client> {
  const client = new Client(
    { name: 'earlier', version: '1' },
    { capabilities: { elicitation: {} } },
  )
  client.setRequestHandler(ElicitRequestSchema, onElicit)
  const requestInit = { headers: { authorization: `Bearer ${form.agentToken}` } }
  const transport = new StreamableHTTPClientTransport(new URL(`${form.origin}/mcp`), {
    requestInit,
  })
  // Its own types disagree under exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<Client['connect']>[0])
  return client
}

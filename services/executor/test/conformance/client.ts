// The client that the official conformance suite drives: `client.ts <server>`, the scenario in the
// environment. Everything between it and the server is what calls go through in production.
import { McpDiscovery } from '@executor/contracts'
import {
  anOperation,
  call,
  egress,
  openMcp,
  settingsOf,
  toConfig,
} from '../../src/protocols/mcp/test/fixtures.ts'
import type { Question } from '../../src/protocols/protocol.ts'

interface Tool {
  name: string
  inputSchema: { properties?: Record<string, { type?: string; enum?: unknown[] }> }
}

const endpoint = process.argv[2] ?? ''
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}') as {
  toolCalls?: { name: string; arguments: Record<string, unknown> }[]
}
/** Milliseconds to see what a server tells by itself, where a scenario is about that. */
const LINGER_MS = 500

await using mcp = openMcp({ isStdioAllowed: false })
const server = toConfig({ endpoint })
const told = McpDiscovery.parse(
  await mcp.protocol.discover?.({
    settings: settingsOf({ ask: 'offer', server }),
    connection: { owner: 'org', name: 'main' },
    credential: { template: 'none', values: {} },
    account: { tenant: 'acme', subject: '', consent: '1' },
    signal: AbortSignal.timeout(20_000),
    egress,
  }),
)
if (told.status !== 'connected') {
  process.stderr.write(`${JSON.stringify(told)}\n`)
  process.exit(1)
}
const { tools } = JSON.parse(told.offer) as { tools: Tool[] }
const settings = settingsOf(server)
const planned =
  context.toolCalls ?? tools.map((tool) => ({ name: tool.name, arguments: argumentsFor(tool) }))
for (const { name, arguments: args } of planned) {
  const tool = tools.find((candidate) => candidate.name === name)
  if (!tool) continue
  const operation = {
    ...anOperation({ method: 'tools/call', tool: name }),
    inputSchema: tool.inputSchema,
  }
  const { json } = await call(mcp.protocol, { settings, operation, args, ask })
  process.stdout.write(`${name}: ${json.slice(0, 2_000)}\n`)
}
await new Promise((resolve) => setTimeout(resolve, LINGER_MS))
await egress.close()

/** Somebody who says yes to everything and fills in nothing. */
function ask(question: Question) {
  const content = question.kind === 'form' ? filledIn(question.requestedSchema) : {}
  return Promise.resolve({ action: 'accept' as const, content })
}

function filledIn({ required = [], properties = {} }: Record<string, unknown>) {
  const fields = properties as Record<string, { type?: string; default?: unknown }>
  const missing = (required as string[]).filter((name) => fields[name]?.default === undefined)
  return Object.fromEntries(missing.map((name) => [name, sampleOf(fields[name] ?? {})]))
}

function argumentsFor({ name, inputSchema }: Tool): Record<string, unknown> {
  const { properties = {} } = inputSchema
  // It wants to see what reached us of the schema of another tool.
  if (name === 'json_schema_echo')
    return { schema: tools.find((tool) => tool.name === 'json_schema_2020_12_tool')?.inputSchema }
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, sampleOf(schema)]),
  )
}

function sampleOf({ type, enum: choices }: { type?: string; enum?: unknown[] }): unknown {
  if (choices?.length) return choices[0]
  if (type === 'number' || type === 'integer') return 5
  if (type === 'boolean') return true
  if (type === 'array') return []
  return type === 'object' ? {} : 'test'
}

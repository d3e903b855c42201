import { findEndpointName, parseEndpointUrl } from '../endpoint.ts'
import { createInputParser } from '../input.ts'

export const parseInput = createInputParser('mcp_input_invalid')

/** The address of a server. */
export function parseEndpoint(text: string): string {
  return parseEndpointUrl(text, 'mcp_endpoint_invalid')
}

/** `https://mcp.linear.app/sse` is `Linear`; a machine without a name is `MCP`. */
export function nameOfEndpoint(endpoint: string): string {
  return findEndpointName(endpoint, GENERAL) ?? 'MCP'
}

const GENERAL = ['mcp', 'server', 'sse']

/** Programs that start others: what they start says more. */
const STARTERS = new Set([
  'npx',
  'bunx',
  'uvx',
  'pnpm',
  'yarn',
  'node',
  'python',
  'python3',
  'deno',
])

/** `npx -y @modelcontextprotocol/server-everything` is `server-everything`. */
export function nameOfCommand(command: string, args: readonly string[]): string {
  const own = lastPart(command)
  if (!STARTERS.has(own)) return own || 'MCP'
  const started = args.find((arg) => !arg.startsWith('-') && arg !== 'dlx' && arg !== 'run')
  return (started && lastPart(started).replace(/(?<=.)@.*$/, '')) || own
}

function lastPart(path: string): string {
  return path.trim().split(/[\\/]/).at(-1) ?? ''
}

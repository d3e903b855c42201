import { McpConfig, type McpConfigChange, ServiceError } from '@executor/contracts'
import { parseEndpoint, parseInput } from './input.ts'

/** A server's settings with what is to change; what makes no sense for its kind is refused. */
export function changeConfig(before: McpConfig, change: McpConfigChange): McpConfig {
  if (change.transport !== undefined && change.transport !== before.transport)
    throw otherWay(before)
  const { endpoint } = change
  const given = Object.entries({
    ...change,
    ...(endpoint === undefined ? {} : { endpoint: parseEndpoint(endpoint) }),
  }).filter(([, value]) => value !== undefined)
  const foreign = given.map(([name]) => name).filter((name) => !FIELDS[before.transport].has(name))
  if (foreign.length > 0) throw unknownFields(before, foreign)
  return parseInput(McpConfig, { ...before, ...Object.fromEntries(given) })
}

const FIELDS = {
  remote: new Set(['transport', 'endpoint', 'remoteTransport', 'headers', 'queryParams']),
  stdio: new Set(['transport', 'command', 'args', 'env', 'cwd']),
}

function otherWay({ transport }: McpConfig): ServiceError {
  return new ServiceError(
    'invalid_argument',
    'mcp_input_invalid',
    `This server is reached over ${transport === 'stdio' ? 'stdio' : 'HTTP'}. Add another integration to reach it in another way.`,
  )
}

function unknownFields({ transport }: McpConfig, fields: string[]): ServiceError {
  const way = transport === 'stdio' ? 'that is started' : 'over HTTP'
  return new ServiceError(
    'invalid_argument',
    'mcp_input_invalid',
    `A server ${way} has no ${fields.join(', ')}.`,
  )
}

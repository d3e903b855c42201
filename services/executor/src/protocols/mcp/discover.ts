import type { Bus } from '@executor/bus'
import type { McpDiscovery, McpQuestion as Question } from '@executor/contracts'
import { McpQuestion, ServiceError } from '@executor/contracts'
import type { Access } from '../protocol.ts'
import { askServer } from './ask.ts'
import type { Session } from './connect.ts'
import { describeOauth } from './oauth-metadata.ts'
import type { Pool } from './pool.ts'
import { assertStdioAllowed } from './stdio-allowed.ts'

/** Milliseconds a server has to answer somebody who only wonders what it is. */
const PROBE_MS = 8_000
/** Milliseconds to be reached, which may mean to be downloaded, and to list everything. */
const OFFER_MS = 85_000
const PAGE_MS = 30_000
const TOOLS_MAX = 10_000

/** Asks a server what it is and what it offers. */
export async function discoverServer(
  bus: Bus,
  pool: Pool,
  environment: object | null,
  given: Access,
): Promise<McpDiscovery> {
  const { access, ask } = readQuestion(given)
  if (ask === 'leave') {
    assertStdioAllowed(access.settings, environment)
    return { status: 'allowed' }
  }
  const timeoutMs = ask === 'probe' ? PROBE_MS : OFFER_MS
  const asked = await askServer(pool, environment, access, { timeoutMs, ask: readOffer })
  if ('told' in asked) return asked.told
  const { status: httpStatus } = asked.refusal
  return { status: 'refused', httpStatus, oauth: await describeOauth(bus, access, asked.refusal) }
}

/** The question stands where the settings do, since it may be about a server that has none yet. */
function readQuestion(given: Access): { access: Access; ask: Question['ask'] } {
  const { ask, server } = McpQuestion.parse(given.settings.config)
  return { access: { ...given, settings: { ...given.settings, config: server } }, ask }
}

async function readOffer({ client, via }: Session, signal: AbortSignal): Promise<McpDiscovery> {
  const capabilities = client.getServerCapabilities() ?? {}
  const tools = capabilities.tools ? await listTools(client, signal) : []
  const identity = client.getServerVersion()
  const instructions = client.getInstructions()
  return {
    status: 'connected',
    protocolVersion: client.getNegotiatedProtocolVersion() ?? '',
    transport: via,
    server: identity
      ? {
          name: identity.name,
          version: identity.version,
          ...(identity.title === undefined ? {} : { title: identity.title }),
        }
      : null,
    ...(instructions === undefined ? {} : { instructions }),
    toolCount: tools.length,
    offer: JSON.stringify({ capabilities, tools }),
  }
}

/** Every page, without tools whose arguments cannot be sent as they ask for. */
async function listTools(client: Session['client'], signal: AbortSignal): Promise<object[]> {
  const options = { signal, timeout: PAGE_MS, cacheMode: 'bypass' as const }
  const { tools } = await client.listTools(undefined, options)
  if (tools.length > TOOLS_MAX) throw tooMany()
  return tools
}

function tooMany(): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'mcp_list_too_long',
    `The server lists more than ${TOOLS_MAX} tools.`,
    { details: { sent: true, answered: true } },
  )
}

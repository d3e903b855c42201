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
const PAGES_MAX = 100
const PAGE_MS = 30_000
const TOOLS_MAX = 10_000

/** Asks a server what it is and what it offers. */
export async function discoverServer(
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
  return { status: 'refused', httpStatus, oauth: await describeOauth(access, asked.refusal) }
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

/** Every page; a server that never comes to an end is cut off, one that repeats itself believed. */
async function listTools(client: Session['client'], signal: AbortSignal): Promise<object[]> {
  const tools: object[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const params = cursor === undefined ? {} : { cursor }
    const answer = await client.request(
      { method: 'tools/list', params },
      { signal, timeout: PAGE_MS },
    )
    tools.push(...answer.tools)
    if (tools.length > TOOLS_MAX) throw endless()
    if (answer.nextCursor === undefined || answer.nextCursor === cursor) return tools
    cursor = answer.nextCursor
  }
  throw endless()
}

function endless(): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'mcp_list_endless',
    `The server lists more than ${TOOLS_MAX} tools, or more than ${PAGES_MAX} pages of them.`,
    { details: { sent: true, answered: true } },
  )
}

import type { McpConfig } from '@executor/contracts'
import type { Egress } from '@executor/egress'
import type { Client, Transport } from '@modelcontextprotocol/client'
import { createClient } from './client.ts'
import type { McpCredential } from './credential.ts'
import { createExchange, type Exchange, withExchange } from './exchange.ts'
import { followTools } from './follow-tools.ts'
import { createGuardedFetch } from './guarded-fetch.ts'
import type { Manners } from './manners.ts'
import { loadSdk, type Sdk } from './sdk.ts'
import type { ServerNews } from './server-news.ts'
import type { Ending } from './stdio/server-process.ts'
import { StdioTransport } from './stdio/transport.ts'
import type { Watchdog } from './stdio/watchdog.ts'

export type Via = 'streamable-http' | 'sse' | 'stdio'

/** What a server is reached with. */
export interface Target {
  config: McpConfig
  /** What is sent now; tokens are replaced while a session goes on. */
  credential: McpCredential
  egress: Egress
  news: ServerNews
}

/** What this instance is able to reach servers with. */
export interface Reach {
  watchdog: Watchdog
  /** What every server that is started gets; null where none may be. */
  environment: Readonly<Record<string, string>> | null
  manners: Manners
}

/** A server that has been greeted. */
export interface Session {
  readonly sdk: Sdk
  readonly client: Client
  readonly via: Via
  /** The calls under way. */
  readonly calls: Set<Exchange>
  /** It is gone: nothing can be sent any more. */
  readonly isClosed: boolean
  /** How its process ended, where it had one and that has. */
  readonly ending: Ending | null
  /** Called once, when it goes, whoever ended it. */
  onClosed: () => void
  close(): Promise<void>
}

/** A server that cannot be reached, and everything that is known of why. */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure'
  readonly exchange: Exchange
  readonly ending: Ending | null
  readonly via: Via
  constructor(cause: unknown, via: Via, exchange: Exchange, ending: Ending | null) {
    super('A server could not be reached.', { cause })
    this.via = via
    this.exchange = exchange
    this.ending = ending
  }
}

/** Milliseconds to say goodbye to a server over HTTP. */
const GOODBYE_MS = 2_000

/** Connects and agrees on a protocol version. Throws `ConnectFailure`. */
export async function connect(target: Target, reach: Reach, signal: AbortSignal): Promise<Session> {
  const sdk = await loadSdk()
  const { config } = target
  if (config.transport === 'stdio') return connectStdio(sdk, target, reach, signal)
  const { remoteTransport } = config
  if (remoteTransport !== 'auto') return connectHttp(sdk, target, remoteTransport, signal)
  const known = reach.manners.of(config)
  if (known.isSse) {
    // Forgotten unless it is so again: servers learn.
    known.isSse = false
    const session = await connectHttp(sdk, target, 'sse', signal)
    known.isSse = true
    return session
  }
  try {
    return await connectHttp(sdk, target, 'streamable-http', signal)
  } catch (error) {
    if (!knowsNoStreamableHttp(error)) throw error
    const session = await connectHttp(sdk, target, 'sse', signal)
    known.isSse = true
    return session
  }
}

/** Older servers answer a POST to their stream with "no such thing"; who asks for a key knows it well. */
function knowsNoStreamableHttp(error: unknown): boolean {
  const status = error instanceof ConnectFailure ? error.exchange.refusal?.status : undefined
  return status !== undefined && status >= 400 && status < 500 && status !== 401 && status !== 403
}

async function connectHttp(
  sdk: Sdk,
  target: Target,
  via: 'streamable-http' | 'sse',
  signal: AbortSignal,
): Promise<Session> {
  const { config, egress, news } = target
  const { endpoint: address, headers, queryParams } = config as McpConfig & { transport: 'remote' }
  const endpoint = new URL(address)
  const exchange = createExchange(target.credential)
  const fetch = createGuardedFetch({
    egress,
    endpoint,
    queryParams,
    credential: () => target.credential,
  })
  const options = { fetch, requestInit: { headers } }
  if (via === 'sse') {
    const transport = new sdk.SSEClientTransport(endpoint, options)
    return open(sdk, news, { transport, via, exchange }, signal)
  }
  const transport = new sdk.StreamableHTTPClientTransport(endpoint, options)
  return open(sdk, news, { transport, via, exchange }, signal, async () => {
    const late = new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())
    await Promise.race([transport.terminateSession().catch(() => {}), late])
  })
}

async function connectStdio(
  sdk: Sdk,
  target: Target,
  reach: Reach,
  signal: AbortSignal,
): Promise<Session> {
  const { config, credential, news } = target
  const { command, args, env, cwd } = config as McpConfig & { transport: 'stdio' }
  const environment = { ...reach.environment, ...env, ...credential.environment }
  const manners = reach.manners.of(config)
  const attempt = async () => {
    const transport = new StdioTransport(sdk, { command, args, environment, cwd }, reach.watchdog)
    const way: Way = {
      transport,
      via: 'stdio',
      exchange: createExchange(),
      isLegacy: manners.isLegacy,
    }
    return open(sdk, news, way, signal)
  }
  try {
    const session = await attempt()
    manners.isLegacy = session.client.getProtocolEra() === 'legacy'
    return session
  } catch (error) {
    const wasAsked = !manners.isLegacy
    manners.isLegacy = wasAsked && diedOfTheQuestion(error)
    if (!manners.isLegacy) throw error
    // Older servers end when they are asked before they are greeted.
    return attempt()
  }
}

/** Exit codes of the shell for a program that was not found, or is none. */
const NEVER_STARTED = new Set([126, 127])

function diedOfTheQuestion(error: unknown): boolean {
  if (!(error instanceof ConnectFailure) || !error.ending) return false
  return !NEVER_STARTED.has(error.ending.exitCode ?? 0)
}

interface Way {
  transport: Transport & { readonly ending?: Ending | null }
  via: Via
  exchange: Exchange
  isLegacy?: boolean
}

async function open(
  sdk: Sdk,
  news: ServerNews,
  { transport, via, exchange, isLegacy }: Way,
  signal: AbortSignal,
  sayGoodbye?: () => Promise<void>,
): Promise<Session> {
  const calls = new Set<Exchange>()
  const client = createClient(sdk, news, calls)
  const over = new AbortController()
  const session: Session = {
    sdk,
    client,
    via,
    calls,
    get isClosed() {
      return over.signal.aborted
    },
    get ending() {
      return transport.ending ?? null
    },
    onClosed: () => {},
    async close() {
      if (!over.signal.aborted) await sayGoodbye?.()
      await client.close()
    },
  }
  client.onclose = () => {
    if (over.signal.aborted) return
    over.abort()
    session.onClosed()
  }
  const stop = () => {
    exchange.controller.abort(signal.reason)
    void transport.close()
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    const prior = isLegacy ? { prior: { kind: 'legacy' as const } } : {}
    await withExchange(exchange, () => client.connect(transport, prior))
    followTools(client, news, over.signal)
    return session
  } catch (error) {
    await transport.close().catch(() => {})
    throw new ConnectFailure(error, via, exchange, transport.ending ?? null)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

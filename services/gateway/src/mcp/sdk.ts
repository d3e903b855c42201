import { AsyncLocalStorage } from 'node:async_hooks'
import { invariant, type Principal } from '@executor/contracts'
import {
  type AuthInfo,
  createMcpHandler,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerEventBus,
} from '@modelcontextprotocol/server'
import type { FastifyRequest } from 'fastify'
import type { Log } from '../deps.ts'
import { NO_ABILITIES } from './abilities.ts'
import type { Announcements } from './announcements.ts'
import { callTool, type Toolset } from './tool.ts'

export interface ServerInfo {
  name: string
  version: string
}

export interface SdkCaller {
  principal: Principal
  toolset: Toolset
  signal: AbortSignal
  approvalUrl(executionId: string): string
}

export interface SdkEndpoint {
  /** Answers a request whose body is parsed, in either protocol era. */
  fetch(request: FastifyRequest, caller: SdkCaller): Promise<Response>
  close(): Promise<void>
}

type Notify = Parameters<ServerEventBus['subscribe']>[0]

/** The SDK's server: handshakes, discovery, subscriptions, and every refusal the protocol knows. */
export function createSdkEndpoint(
  serverInfo: ServerInfo,
  announcements: Announcements,
  log: Log,
): SdkEndpoint {
  const callers = new WeakMap<AuthInfo, SdkCaller>()
  // The SDK would tell everybody: whoever subscribes is told of what is theirs.
  const asking = new AsyncLocalStorage<Principal>()
  const bus: ServerEventBus = {
    publish: () => {},
    subscribe(notify: Notify) {
      const principal = asking.getStore()
      invariant(principal, 'streams are opened by requests')
      return announcements.follow(principal, () => notify({ kind: 'tools_list_changed' }))
    },
  }
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const caller = authInfo && callers.get(authInfo)
      invariant(caller, 'every request is passed on with its caller')
      return createServer(serverInfo, caller, log)
    },
    { bus, onerror: (error) => log.warn({ err: error }, 'mcp request refused') },
  )
  return {
    fetch(request, caller) {
      const authInfo: AuthInfo = { token: '', clientId: caller.principal.subject, scopes: [] }
      callers.set(authInfo, caller)
      const { body: parsedBody } = request
      return asking.run(caller.principal, () =>
        handler.fetch(toWebRequest(request, caller.signal), { authInfo, parsedBody }),
      )
    },
    close: () => handler.close(),
  }
}

function createServer(
  serverInfo: ServerInfo,
  { principal, toolset, signal, approvalUrl }: SdkCaller,
  log: Log,
): Server {
  const server = new Server(serverInfo, {
    capabilities: { tools: { listChanged: toolset.changes } },
    instructions: toolset.instructions,
  })
  server.setRequestHandler('tools/list', async () => ({
    tools: JSON.parse(
      await toolset.list({ principal, signal, approvalUrl, abilities: NO_ABILITIES }),
    ),
  }))
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
    const tool = toolset.tools.get(params.name)
    if (!tool)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${params.name} not found`)
    // What is not asked the way the specification says is not asked back either.
    const options = { principal, signal: mcpReq.signal, approvalUrl, abilities: NO_ABILITIES }
    try {
      return JSON.parse(
        await callTool(tool, () => tool.call(params.arguments ?? {}, options), options),
      )
    } catch (error) {
      // The SDK would show whatever was thrown.
      log.error({ err: error }, 'mcp tool failed')
      throw new ProtocolError(ProtocolErrorCode.InternalError, 'Something went wrong on our side.')
    }
  })
  return server
}

function toWebRequest({ method, url, headers }: FastifyRequest, signal: AbortSignal): Request {
  const given = new Headers()
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) given.set(name, [value].flat().join(', '))
  return new Request(new URL(url, 'http://gateway'), { method, headers: given, signal })
}

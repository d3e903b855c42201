import { ServiceError } from '@executor/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GatewayDeps } from '../deps.ts'
import { approvalUrlOf } from '../http/approval-url.ts'
import { type App, abortOnDisconnect, principalOf } from '../http/route.ts'
import { sendText } from '../http/send.ts'
import { type AnswerMode, createCodeMode } from './code-mode.ts'
import { eraResult, findLeanRequest, type LeanRequest, listResult } from './lean.ts'
import { findCancellation, isInitialize, resultMessage } from './messages.ts'
import { createPassthrough } from './passthrough.ts'
import { registerRefusals } from './refusals.ts'
import type { SdkEndpoint } from './sdk.ts'
import { createMcpSessions, type McpSessions } from './session.ts'
import { callTool, type Toolset } from './tool.ts'
import { inClientTrace } from './trace.ts'

/** Arguments may hold files. */
const MESSAGE_BYTES_MAX = 8 * 1024 * 1024
const METHODS = 'POST, GET, DELETE'

interface Endpoint {
  sessions: McpSessions
  toolsets: Record<string, Toolset>
  serverInfoJson: string
  /** Who may answer what waits; a client may ask for less, never for more. */
  answerMode: AnswerMode
  origin: string | undefined
  /** Loaded with the first client that needs it: it is large, and lean requests do not. */
  openSdk(): Promise<SdkEndpoint>
}

/** `/mcp`: both protocol eras on one address; `?mode=` says which tools a client sees. */
export async function registerMcp(app: App, deps: GatewayDeps): Promise<void> {
  const { bus, auth, config, log } = deps
  const serverInfo = { name: 'executor', version: config.version }
  let sdk: Promise<SdkEndpoint> | undefined
  const endpoint: Endpoint = {
    sessions: createMcpSessions(auth.signingKey),
    toolsets: {
      code: createCodeMode(bus, 'browser'),
      'code-model': createCodeMode(bus, 'model'),
      passthrough: createPassthrough(bus),
    },
    answerMode: config.elicitationMode === 'model' ? 'model' : 'browser',
    origin: config.origin,
    serverInfoJson: JSON.stringify(serverInfo),
    openSdk: () => {
      sdk ??= import('./sdk.ts').then(({ createSdkEndpoint }) => createSdkEndpoint(serverInfo, log))
      return sdk
    },
  }
  app.addHook('preClose', async () => (await sdk)?.close())

  await app.register((scope, _options, done) => {
    registerRefusals(scope, log)
    const options = {
      config: { access: 'call', via: 'mcp' },
      bodyLimit: MESSAGE_BYTES_MAX,
    } as const
    scope.post('/mcp', options, (request, reply) => answer(endpoint, request, reply))
    scope.get('/mcp', options, (request, reply) => {
      requireSession(endpoint, request)
      return refuseMethod(reply)
    })
    scope.delete('/mcp', options, (request, reply) => {
      endpoint.sessions.end(requireSession(endpoint, request))
      return reply.code(204).send()
    })
    const others = { method: ['PUT', 'PATCH'], url: '/mcp', ...options }
    scope.route({ ...others, handler: (_request, reply) => refuseMethod(reply) })
    done()
  })
}

async function answer(
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const toolset = toolsetOf(endpoint, request)
  const session = findSession(endpoint, request)
  const { body, headers } = request
  const lean = findLeanRequest(body, headers, toolset)
  if (lean) {
    const result = await answerLean(endpoint, lean, { toolset, session, request, reply })
    return sendText(reply, resultMessage(lean.id, result))
  }
  const principal = principalOf(request)
  const cancelled = findCancellation(body)
  if (session !== undefined && cancelled !== null) endpoint.sessions.cancel(session, cancelled)
  if (isInitialize(body)) reply.header('mcp-session-id', endpoint.sessions.open(principal))
  const sdk = await endpoint.openSdk()
  const { signal } = abortOnDisconnect(reply)
  const approvalUrl = approvalUrls(endpoint, request)
  return reply.send(await sdk.fetch(request, { principal, toolset, signal, approvalUrl }))
}

interface LeanContext {
  toolset: Toolset
  session: string | undefined
  request: FastifyRequest
  reply: FastifyReply
}

async function answerLean(
  endpoint: Endpoint,
  lean: LeanRequest,
  { toolset, session, request, reply }: LeanContext,
): Promise<string> {
  const { sessions, serverInfoJson } = endpoint
  if (lean.method === 'ping') return '{}'
  const controller = abortOnDisconnect(reply)
  const options = {
    principal: principalOf(request),
    signal: controller.signal,
    approvalUrl: approvalUrls(endpoint, request),
  }
  if (lean.method === 'tools/list') {
    return listResult(lean.era, await toolset.list(options), serverInfoJson)
  }
  const forget = session && sessions.track(session, lean.id, () => controller.abort())
  try {
    const { tool, params, args } = lean
    const result = await inClientTrace(params, tool.definition.name, () =>
      callTool(tool, args, options),
    )
    return eraResult(lean.era, result, serverInfoJson)
  } finally {
    if (forget) forget()
  }
}

/** `?mode=code|passthrough`, and `?elicitation_mode=` as far as the instance allows it. */
function toolsetOf({ toolsets, answerMode }: Endpoint, { query }: FastifyRequest): Toolset {
  const { mode = DEFAULT_MODE, elicitation_mode: wished = answerMode } = query as Record<
    string,
    unknown
  >
  const isModel = answerMode === 'model' && wished === 'model'
  const name = mode === 'code' && isModel ? 'code-model' : mode
  const toolset =
    typeof name === 'string' && Object.hasOwn(toolsets, name) ? toolsets[name] : undefined
  if (toolset) return toolset
  throw new ServiceError(
    'invalid_argument',
    'mode_unknown',
    `There is no mode "${String(name).slice(0, 50)}". Use one of: code, passthrough.`,
  )
}

const DEFAULT_MODE = 'code'

function approvalUrls({ origin }: Endpoint, request: FastifyRequest): (runId: string) => string {
  return (runId) => approvalUrlOf(runId, request, origin)
}

function findSession({ sessions }: Endpoint, request: FastifyRequest): string | undefined {
  const id = request.headers['mcp-session-id']
  if (typeof id !== 'string') return undefined
  sessions.check(id, principalOf(request))
  return id
}

function requireSession(endpoint: Endpoint, request: FastifyRequest): string {
  const session = findSession(endpoint, request)
  if (session !== undefined) return session
  throw new ServiceError('invalid_argument', 'session_missing', 'There is no session to use.')
}

function refuseMethod(reply: FastifyReply): FastifyReply {
  reply.code(405).header('allow', METHODS)
  return sendText(
    reply,
    '{"jsonrpc":"2.0","error":{"code":-32000,"message":"Method not allowed."},"id":null}',
  )
}

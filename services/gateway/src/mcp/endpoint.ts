import type { Bus } from '@executor/bus'
import { agentConnected, ServiceError } from '@executor/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GatewayDeps } from '../deps.ts'
import type { AnswerMode } from '../executions/answer-mode.ts'
import { approvalUrlOf } from '../http/approval-url.ts'
import { type App, abortOnDisconnect, principalOf } from '../http/route.ts'
import { sendText } from '../http/send.ts'
import { type Abilities, NO_ABILITIES, readAbilities } from './abilities.ts'
import { followConnections } from './announcements.ts'
import { answerCall } from './call.ts'
import { createCodeMode } from './code-mode.ts'
import { CANCELLED } from './conversation.ts'
import { findAbilities, findLeanRequest, type LeanRequest, listResult } from './lean.ts'
import { findCancellation, findInitialize, findReply, resultMessage } from './messages.ts'
import { createPassthrough } from './passthrough.ts'
import { takeReply } from './prompt-replies.ts'
import { registerRefusals } from './refusals.ts'
import type { SdkEndpoint } from './sdk.ts'
import { createSeal, type Seal } from './seal.ts'
import { createMcpSessions, type McpSessions } from './session.ts'
import { createSessionStreams } from './session-stream.ts'
import type { Toolset } from './tool.ts'

/** Arguments may hold files. */
const MESSAGE_BYTES_MAX = 8 * 1024 * 1024
const METHODS = 'POST, GET, DELETE'

interface Endpoint {
  bus: Bus
  sessions: McpSessions
  seal: Seal
  /** By who answers; and the one that runs no code. */
  codeModes: Record<AnswerMode, Toolset>
  passthrough: Toolset
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
  const announcements = await followConnections(bus)
  const streams = createSessionStreams(announcements)
  let sdk: Promise<SdkEndpoint> | undefined
  const endpoint: Endpoint = {
    bus,
    sessions: createMcpSessions(auth.signingKey),
    seal: createSeal(auth.signingKey),
    codeModes: {
      browser: createCodeMode(bus, 'browser'),
      native: createCodeMode(bus, 'native'),
      model: createCodeMode(bus, 'model'),
    },
    passthrough: createPassthrough(bus),
    answerMode: config.elicitationMode ?? 'browser',
    origin: config.origin,
    serverInfoJson: JSON.stringify(serverInfo),
    openSdk: () => {
      sdk ??= import('./sdk.ts').then(({ createSdkEndpoint }) =>
        createSdkEndpoint(serverInfo, announcements, log),
      )
      return sdk
    },
  }
  app.addHook('preClose', async () => {
    streams.close()
    await (await sdk)?.close()
  })
  app.addHook('onClose', () => announcements.close())

  await app.register((scope, _options, done) => {
    registerRefusals(scope, log)
    const options = {
      config: { access: 'call', via: 'mcp' },
      bodyLimit: MESSAGE_BYTES_MAX,
    } as const
    scope.post('/mcp', options, (request, reply) => answer(endpoint, request, reply))
    scope.get('/mcp', options, (request, reply) => {
      requireSession(endpoint, request)
      const { changes } = toolsetOf(endpoint, request, endpoint.answerMode)
      return changes ? streams.open(request, reply) : refuseMethod(reply)
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
  const session = findSession(endpoint, request)
  const { body, headers } = request
  const abilities = findAbilities(body) ?? session?.abilities ?? NO_ABILITIES
  const mode = modeOf(endpoint, request, abilities)
  const toolset = toolsetOf(endpoint, request, mode)
  const lean = findLeanRequest(body, headers, toolset)
  if (lean) {
    const context = { toolset, mode, abilities, session: session?.id, request, reply }
    const text = await answerLean(endpoint, lean, context)
    return text === null ? reply : sendText(reply, text)
  }
  const principal = principalOf(request)
  const replied = findReply(body)
  if (session && replied) {
    await takeReply(endpoint, replied, { principal, session: session.id })
    return reply.code(202).send()
  }
  const cancelled = findCancellation(body)
  if (session && cancelled !== null) endpoint.sessions.cancel(session.id, cancelled)
  const initialize = findInitialize(body)
  if (initialize) {
    const can = readAbilities(initialize.capabilities)
    reply.header('mcp-session-id', endpoint.sessions.open(principal, can))
    greet(endpoint, toolset)
  }
  const sdk = await endpoint.openSdk()
  const { signal } = abortOnDisconnect(reply)
  const approvalUrl = approvalUrls(endpoint, request)
  return reply.send(await sdk.fetch(request, { principal, toolset, signal, approvalUrl }))
}

/** Whoever lists the tools, or shakes hands, is about to use them: a sandbox takes a while to start. */
function greet({ bus, passthrough }: Endpoint, toolset: Toolset): void {
  if (toolset !== passthrough) bus.publish(agentConnected, {})
}

interface LeanContext {
  toolset: Toolset
  mode: AnswerMode
  abilities: Abilities
  session: string | undefined
  request: FastifyRequest
  reply: FastifyReply
}

async function answerLean(
  endpoint: Endpoint,
  lean: LeanRequest,
  { toolset, mode, abilities, session, request, reply }: LeanContext,
): Promise<string | null> {
  const { bus, seal, sessions, serverInfoJson } = endpoint
  if (lean.method === 'ping') return resultMessage(lean.id, '{}')
  const controller = abortOnDisconnect(reply)
  const options = {
    principal: principalOf(request),
    signal: controller.signal,
    approvalUrl: approvalUrls(endpoint, request),
    abilities,
  }
  if (lean.method === 'tools/list') {
    greet(endpoint, toolset)
    const result = listResult(lean.era, await toolset.list(options), serverInfoJson)
    return resultMessage(lean.id, result)
  }
  const forget = session && sessions.track(session, lean.id, () => controller.abort(CANCELLED))
  try {
    const context = { bus, seal, mode, abilities, options, session, serverInfoJson }
    return await answerCall(lean, context, reply)
  } finally {
    if (forget) forget()
  }
}

/** From where a person answers to where the model does. */
const MODES: readonly unknown[] = ['browser', 'native', 'model'] satisfies AnswerMode[]

/**
 * `?elicitation_mode=`, as far as the instance allows it: it may leave more to people, never less. A
 * client that shows no forms cannot answer for its user.
 */
function modeOf(
  { answerMode }: Endpoint,
  { query }: FastifyRequest,
  { form }: Abilities,
): AnswerMode {
  const { elicitation_mode: wished } = query as Record<string, unknown>
  const isAllowed = MODES.includes(wished) && MODES.indexOf(wished) <= MODES.indexOf(answerMode)
  const mode = isAllowed ? (wished as AnswerMode) : answerMode
  return mode === 'native' && !form ? 'browser' : mode
}

/** `?mode=code|passthrough`. */
function toolsetOf(
  { codeModes, passthrough }: Endpoint,
  { query }: FastifyRequest,
  answers: AnswerMode,
): Toolset {
  const { mode = 'code' } = query as Record<string, unknown>
  if (mode === 'code') return codeModes[answers]
  if (mode === 'passthrough') return passthrough
  throw new ServiceError(
    'invalid_argument',
    'mode_unknown',
    `There is no mode "${String(mode).slice(0, 50)}". Use one of: code, passthrough.`,
  )
}

function approvalUrls(
  { origin }: Endpoint,
  request: FastifyRequest,
): (executionId: string) => string {
  return (executionId) => approvalUrlOf(executionId, request, origin)
}

interface Session {
  id: string
  abilities: Abilities
}

function findSession({ sessions }: Endpoint, request: FastifyRequest): Session | undefined {
  const id = request.headers['mcp-session-id']
  if (typeof id !== 'string') return undefined
  return { id, abilities: sessions.check(id, principalOf(request)) }
}

function requireSession(endpoint: Endpoint, request: FastifyRequest): string {
  const session = findSession(endpoint, request)
  if (session) return session.id
  throw new ServiceError('invalid_argument', 'session_missing', 'There is no session to use.')
}

function refuseMethod(reply: FastifyReply): FastifyReply {
  reply.code(405).header('allow', METHODS)
  return sendText(
    reply,
    '{"jsonrpc":"2.0","error":{"code":-32000,"message":"Method not allowed."},"id":null}',
  )
}

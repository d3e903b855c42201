import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Bus, RequestOptions } from '@executor/bus'
import { type Access, invariant, type Principal, type ServiceError } from '@executor/contracts'
import type { Context, Span } from '@opentelemetry/api'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifyTypeProvider,
  RawServerDefault,
} from 'fastify'
import type { z } from 'zod'
import type { GatewayConfig } from '../deps.ts'
import type { ErrorTag } from '../errors.ts'

/** Who may use a route; `public` asks for nothing. The bus checks the rest again. */
export type RouteAccess = Access | 'public'

/** Everything a client said with a request, for errors that name what they are about. */
export type Given = Record<string, unknown>

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; `null` on public routes that were asked by nobody in particular. */
    principal: Principal | null
    traceContext: Context
    span: Span | null
  }
  interface FastifyContextConfig {
    access?: RouteAccess
    /** Agents' own door: whoever comes through it is one. */
    via?: 'mcp'
    /** Asked for by machines that know this instance by its address alone. */
    anyHost?: boolean
    /** The name by which clients of this route know an error. */
    tagError?: (error: ServiceError, given: Given) => ErrorTag | undefined
  }
  interface FastifySchema {
    tags?: string[]
    summary?: string
    description?: string
    hide?: boolean
  }
}

/** Zod schemas validate what comes in, type the handlers and become the OpenAPI document. */
interface ZodTypeProvider extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
  serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown
}

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** What the routes of a resource are made from. */
export interface RouteDeps {
  bus: Bus
  config: GatewayConfig
}

export function principalOf(request: FastifyRequest): Principal {
  invariant(request.principal, 'only public routes are reached by nobody')
  return request.principal
}

/** On whose behalf a request goes on over the bus, and when it is given up. */
export function asCaller(request: FastifyRequest, reply: FastifyReply): RequestOptions {
  return { principal: principalOf(request), signal: abortOnDisconnect(reply).signal }
}

/** Aborts when the client goes away before it has its answer. */
export function abortOnDisconnect(reply: FastifyReply): AbortController {
  const controller = new AbortController()
  const { raw } = reply
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort()
  })
  return controller
}

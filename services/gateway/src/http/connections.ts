import {
  Connection,
  catalog,
  connections,
  HealthCheckResult,
  HealthCheckSpec,
  Owner,
  ToolListing,
} from '@executor/contracts'
import { z } from 'zod'
import { decodePage } from './encoded-page.ts'
import { answerList, PageQuery } from './paging.ts'
import { type App, asCaller, type RouteDeps } from './route.ts'
import { tagConnectionError, tagCredentialError } from './tags.ts'

const Key = z.object({ owner: Owner, integration: z.string(), name: z.string() })
const Credential = {
  value: z.string().optional(),
  values: z.record(z.string(), z.string()).optional(),
  from: z.object({ provider: z.string(), id: z.string() }).optional(),
}
const NewConnection = z.object({
  owner: Owner,
  name: z.string().min(1).max(128),
  integration: z.string(),
  template: z.string().min(1).max(128),
  identityLabel: z.string().max(256).nullish(),
  description: z.string().max(2048).nullish(),
  ...Credential,
})
const tagError = tagConnectionError
const tags = ['connections']

export function registerConnections(app: App, deps: RouteDeps): void {
  registerList(app, deps)
  registerOne(app, deps)
  registerChecks(app, deps)
}

function registerList(app: App, { bus }: RouteDeps): void {
  app.get(
    '/api/connections',
    {
      config: { access: connections.listConnections.access },
      schema: {
        tags,
        summary: 'List connections',
        querystring: z.object({
          integration: z.string().optional(),
          owner: Owner.optional(),
          ...PageQuery,
        }),
        response: { 200: z.array(Connection) },
      },
    },
    async (request, reply) => {
      const { limit, cursor, ...filter } = request.query
      const options = asCaller(request, reply)
      const list = await answerList(request, reply, { limit, cursor }, (page) =>
        bus.request(connections.listConnections, { ...filter, ...page }, options),
      )
      return list
    },
  )

  app.post(
    '/api/connections',
    {
      config: { access: connections.createConnection.access, tagError: tagCredentialError },
      schema: {
        tags,
        summary: 'Connect an account; an account of the same name is replaced',
        body: NewConnection,
        response: { 200: Connection },
      },
    },
    async (request, reply) => {
      const { identityLabel, description, ...rest } = request.body
      const created = await bus.request(
        connections.createConnection,
        {
          ...rest,
          ...(identityLabel != null && { identityLabel }),
          ...(description != null && { description }),
        },
        asCaller(request, reply),
      )
      return created
    },
  )
}

function registerOne(app: App, { bus }: RouteDeps): void {
  const url = '/api/connections/:owner/:integration/:name'
  app.get(
    url,
    {
      config: { access: connections.getConnection.access, tagError },
      schema: { tags, summary: 'Get a connection', params: Key, response: { 200: Connection } },
    },
    async (request, reply) =>
      await bus.request(connections.getConnection, request.params, asCaller(request, reply)),
  )

  app.patch(
    url,
    {
      config: { access: connections.updateConnection.access, tagError },
      schema: {
        tags,
        summary: 'Label or describe a connection',
        params: Key,
        body: z.object({
          description: z.string().max(2048).nullable().optional(),
          identityLabel: z.string().max(256).nullable().optional(),
        }),
        response: { 200: Connection },
      },
    },
    async (request, reply) =>
      await bus.request(
        connections.updateConnection,
        { ...request.body, ...request.params },
        asCaller(request, reply),
      ),
  )

  app.delete(
    url,
    {
      config: { access: connections.removeConnection.access, tagError },
      schema: {
        tags,
        summary: 'Remove a connection and its secret',
        params: Key,
        response: { 200: z.object({ removed: z.boolean() }) },
      },
    },
    (request, reply) =>
      bus.request(connections.removeConnection, request.params, asCaller(request, reply)),
  )
}

function registerChecks(app: App, { bus }: RouteDeps): void {
  const url = '/api/connections/:owner/:integration/:name'
  app.post(
    `${url}/refresh`,
    {
      config: { access: connections.updateConnection.access, tagError },
      schema: {
        tags,
        summary: 'Ask an upstream anew what an account reaches, and list it',
        params: Key,
        response: { 200: z.array(ToolListing) },
      },
    },
    async (request, reply) => {
      const options = asCaller(request, reply)
      const { owner, integration, name } = request.params
      await bus.request(connections.getConnection, request.params, options)
      const account = { owner, integration, connection: name }
      await bus.request(catalog.refreshConnection, account, options)
      return answerList<ToolListing>(request, reply, {}, async (page) => {
        const filter = { owner, integration, connection: name }
        return decodePage(await bus.request(catalog.listTools, { ...filter, ...page }, options))
      })
    },
  )

  app.post(
    `${url}/health`,
    {
      config: { access: connections.checkConnection.access, tagError },
      schema: {
        tags,
        summary: 'Ask the upstream whether a connection works',
        params: Key,
        querystring: z.object({
          ifStaleMs: z.coerce.number().int().min(0).max(86_400_000).optional(),
        }),
        response: { 200: HealthCheckResult },
      },
    },
    (request, reply) =>
      bus.request(
        connections.checkConnection,
        { ...request.params, ...request.query },
        asCaller(request, reply),
      ),
  )

  app.post(
    '/api/connections/validate',
    {
      config: {
        access: connections.validateCredential.access,
        tagError: tagCredentialError,
      },
      schema: {
        tags,
        summary: 'Try a credential without saving it',
        body: z.object({
          owner: Owner,
          integration: z.string(),
          template: z.string().min(1).max(128),
          spec: HealthCheckSpec.optional(),
          ...Credential,
        }),
        response: { 200: HealthCheckResult },
      },
    },
    (request, reply) =>
      bus.request(connections.validateCredential, request.body, asCaller(request, reply)),
  )
}

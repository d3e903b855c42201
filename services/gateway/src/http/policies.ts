import type { Bus, RequestOptions } from '@executor/bus'
import {
  catalog,
  Explanation,
  findCoreTool,
  formatAddress,
  Owner,
  parseAddress,
  policy,
  Rule,
  RuleAction,
  ServiceError,
} from '@executor/contracts'
import { z } from 'zod'
import { decodePage } from './encoded-page.ts'
import { answerList, PageQuery } from './paging.ts'
import { type App, asCaller, type RouteDeps } from './route.ts'
import { tagPolicyError, tagToolError } from './tags.ts'

const ById = z.object({ policyId: z.string() })
const Fields = {
  pattern: z.string().min(1).max(1024),
  action: RuleAction,
  position: z.string().max(256).optional(),
}
const tagError = tagPolicyError
const tags = ['policies']

export function registerPolicies(app: App, deps: RouteDeps): void {
  registerReads(app, deps)
  registerWrites(app, deps)
}

function registerReads(app: App, { bus }: RouteDeps): void {
  app.get(
    '/api/policies',
    {
      config: { access: policy.listRules.access },
      schema: {
        tags,
        summary: 'List rules, in the order they are tried',
        querystring: z.object(PageQuery),
        response: { 200: z.array(Rule) },
      },
    },
    (request, reply) => {
      const options = asCaller(request, reply)
      return answerList(request, reply, request.query, (page) =>
        bus.request(policy.listRules, page, options),
      )
    },
  )

  app.get(
    '/api/policies/explain',
    {
      config: { access: policy.explain.access, tagError: tagToolError },
      schema: {
        tags,
        summary: 'Say what may happen with a tool, and which rule decides it',
        querystring: z.object({ address: z.string().min(1).max(1100) }),
        response: { 200: Explanation },
      },
    },
    async (request, reply) => {
      const { address } = request.query
      const options = asCaller(request, reply)
      const requiresApproval = await readDefault(bus, address, options)
      return bus.request(policy.explain, { address, requiresApproval }, options)
    },
  )
}

/** Whether a tool asks for approval by itself; found for tools that a rule hides, too. */
async function readDefault(bus: Bus, address: string, options: RequestOptions): Promise<boolean> {
  const coreTool = findCoreTool(address)
  if (coreTool) return coreTool.requiresApproval
  const ref = parseAddress(address)
  const { integration, owner, connection, tool } = ref
  const filter = { integration, owner, connection, query: tool, includeBlocked: true }
  const { items } = decodePage(await bus.request(catalog.listTools, filter, options))
  const found = items.find((item) => item.address === formatAddress(ref))
  if (found) return found.requiresApproval ?? false
  throw new ServiceError('not_found', 'tool_unknown', `There is no tool "${address}".`)
}

function registerWrites(app: App, { bus }: RouteDeps): void {
  app.post(
    '/api/policies',
    {
      config: { access: policy.createRule.access },
      schema: {
        tags,
        summary: 'Add a rule',
        body: z.object({ owner: Owner, ...Fields }),
        response: { 200: Rule },
      },
    },
    (request, reply) => bus.request(policy.createRule, request.body, asCaller(request, reply)),
  )

  app.patch(
    '/api/policies/:policyId',
    {
      config: { access: policy.updateRule.access, tagError },
      schema: {
        tags,
        summary: 'Change a rule',
        params: ById,
        body: z.object({ owner: Owner, ...z.object(Fields).partial().shape }),
        response: { 200: Rule },
      },
    },
    (request, reply) =>
      bus.request(
        policy.updateRule,
        { id: request.params.policyId, ...request.body },
        asCaller(request, reply),
      ),
  )

  app.delete(
    '/api/policies/:policyId',
    {
      config: { access: policy.removeRule.access, tagError },
      schema: {
        tags,
        summary: 'Remove a rule',
        params: ById,
        // Not every client can send a body with DELETE.
        querystring: z.object({ owner: Owner.optional() }),
        body: z.object({ owner: Owner.optional() }).optional(),
        response: { 200: z.object({ removed: z.boolean() }) },
      },
    },
    (request, reply) => {
      const owner = request.body?.owner ?? request.query.owner
      if (owner === undefined)
        throw new ServiceError(
          'invalid_argument',
          'request_invalid',
          'body.owner: say "org" or "user"',
        )
      const { policyId: id } = request.params
      return bus.request(policy.removeRule, { id, owner }, asCaller(request, reply))
    },
  )
}

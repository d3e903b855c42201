import type { Bus } from '@executor/bus'
import {
  catalog,
  executor,
  InvokeInput,
  Owner,
  SearchPage,
  ServiceError,
  TOOL_ROWS_MAX,
  ToolDescription,
  ToolListing,
  ToolResult,
  WaitingInvocation,
} from '@executor/contracts'
import { z } from 'zod'
import { pauseIdOf } from '../executions/pause.ts'
import { approvalUrlOf } from './approval-url.ts'
import { type EncodedPage, sliceEncodedPage } from './encoded-page.ts'
import { from, nameNextPage, othersFirst, PageQuery } from './paging.ts'
import { type App, asCaller, type RouteDeps } from './route.ts'
import { sendPieces, sendText } from './send.ts'
import { tagToolError } from './tags.ts'

/** Arguments may hold files. */
const INVOKE_BYTES_MAX = 8 * 1024 * 1024

const ListQuery = z.object({
  integration: z.string().optional(),
  owner: Owner.optional(),
  connection: z.string().optional(),
  query: z.string().max(1000).optional(),
  includeAnnotations: z.string().optional(),
  includeBlocked: z.string().optional(),
  ...PageQuery,
})
/** A gated call as it is shown: with where it is answered. */
const WaitingCall = WaitingInvocation.extend({ executionId: z.string(), approvalUrl: z.string() })
const tags = ['tools']
const WAITING = '{"status":"waiting"'

export function registerTools(app: App, { bus, config }: RouteDeps): void {
  registerSearch(app, bus)

  app.get(
    '/api/tools',
    {
      config: { access: catalog.listTools.access },
      schema: {
        tags,
        summary: 'List tools',
        querystring: ListQuery,
        response: { 200: z.array(ToolListing) },
      },
    },
    async (request, reply) => {
      const { limit, cursor, includeAnnotations, includeBlocked, ...filter } = request.query
      const options = asCaller(request, reply)
      const fetchPage = async (at: string | undefined): Promise<EncodedPage> => {
        const page = from(limit ?? TOOL_ROWS_MAX, at)
        const { bytes } = await bus.request(
          catalog.listTools,
          {
            ...filter,
            ...page,
            includeAnnotations: includeAnnotations !== 'false',
            includeBlocked: includeBlocked === 'true',
          },
          options,
        )
        return sliceEncodedPage(bytes)
      }
      const first = await fetchPage(cursor)
      if (limit !== undefined) nameNextPage(request, reply, first.nextCursor)
      const isWhole = limit !== undefined || first.nextCursor === undefined
      return isWhole ? sendText(reply, first.items) : sendPieces(reply, joinPages(first, fetchPage))
    },
  )

  app.get(
    '/api/tools/schema',
    {
      config: { access: catalog.describeTool.access, tagError: tagToolError },
      schema: {
        tags,
        summary: 'Describe a tool: its schemas, and the same in TypeScript',
        querystring: z.object({ address: z.string().min(1).max(1100) }),
        response: { 200: ToolDescription },
      },
    },
    async (request, reply) => {
      const { address } = request.query
      const { json } = await bus.request(
        catalog.describeTool,
        { address },
        asCaller(request, reply),
      )
      return sendText(reply, json)
    },
  )

  app.post(
    '/api/tools/invoke',
    {
      bodyLimit: INVOKE_BYTES_MAX,
      config: { access: executor.invoke.access, tagError: tagToolError },
      schema: {
        tags,
        summary: 'Call a tool',
        description:
          "Answers 200 with the tool's result; a failure of the tool itself is `{ok: false, error}`. A call that waits for a person answers 202: whoever may answer does so behind `approvalUrl`, or by resuming `executionId`.",
        body: InvokeInput.pick({ address: true, arguments: true }),
        response: { 200: ToolResult, 202: WaitingCall },
      },
      // Only written down: the executor validates it, once.
      validatorCompiler: () => (value: unknown) => ({ value }),
    },
    async (request, reply) => {
      const input = readInvokeInput(request.body)
      const { json } = await bus.request(executor.invoke, input, asCaller(request, reply))
      // A gated call was not sent: it waits for a person.
      if (!json.startsWith(WAITING)) return sendText(reply, json)
      const waiting = JSON.parse(json) as WaitingInvocation
      const executionId = pauseIdOf(waiting.interaction)
      const approvalUrl = approvalUrlOf(executionId, request, config.origin)
      reply.code(202)
      return sendText(reply, JSON.stringify({ ...waiting, executionId, approvalUrl }))
    },
  )
}

function registerSearch(app: App, bus: Bus): void {
  app.get(
    '/api/tools/search',
    {
      config: { access: catalog.searchTools.access },
      schema: {
        tags,
        summary: 'Search tools in everyday words',
        querystring: z.object({
          query: z.string().min(1).max(1000),
          namespace: z.string().max(1024).optional(),
          limit: z.coerce.number().int().min(1).max(100).optional(),
          offset: z.coerce.number().int().min(0).max(10_000).optional(),
        }),
        response: { 200: SearchPage },
      },
    },
    (request, reply) => bus.request(catalog.searchTools, request.query, asCaller(request, reply)),
  )
}

/** A very long list is sent page by page: nobody holds all of it. */
async function* joinPages(
  first: EncodedPage,
  fetchPage: (cursor: string) => Promise<EncodedPage>,
): AsyncGenerator<string | Uint8Array> {
  yield first.items.subarray(0, -1)
  let cursor = first.nextCursor
  while (cursor !== undefined) {
    await othersFirst()
    const page = await fetchPage(cursor)
    if (page.items.length > '[]'.length) {
      yield ','
      yield page.items.subarray(1, -1)
    }
    cursor = page.nextCursor
  }
  yield ']'
}

/**
 * The executor validates what it is sent; here the request every agent makes only has to look like
 * one, and what does not is explained by the schema.
 */
function readInvokeInput(body: unknown): z.input<typeof InvokeInput> {
  if (typeof body === 'object' && body !== null && 'address' in body) {
    const { address } = body
    const given = 'arguments' in body ? body.arguments : undefined
    const isRecord = typeof given === 'object' && given !== null && !Array.isArray(given)
    if (typeof address === 'string' && address !== '' && (given === undefined || isRecord))
      return given === undefined ? { address } : { address, arguments: { ...given } }
  }
  const issues = InvokeInput.safeParse(body).error?.issues ?? []
  const message = issues.map(({ path, message }) => `${['body', ...path].join('.')}: ${message}`)
  throw new ServiceError('invalid_argument', 'request_invalid', message.join('. '))
}

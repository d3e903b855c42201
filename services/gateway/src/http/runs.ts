import {
  Answer,
  executor,
  Interaction,
  InteractionStatus,
  newRunId,
  RunSummary,
} from '@executor/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { awaitNews, driveExecution } from '../executions/drive.ts'
import { encodeAround, LongJson } from '../executions/long-json.ts'
import { toOutcomeView } from '../executions/outcome-view.ts'
import { findPause, runIdOf, shownIdOf } from '../executions/pause.ts'
import { approvalUrlOf } from './approval-url.ts'
import { answerList, PageQuery } from './paging.ts'
import { type App, asCaller, type RouteDeps } from './route.ts'
import { sendText, sendTexts } from './send.ts'
import { tagExecutionError } from './tags.ts'

const tags = ['executions']
const CODE_BYTES_MAX = 2 * 1024 * 1024
const Params = z.object({ executionId: z.string().min(1).max(128) })

/** What clients have always read of an execution. */
const OutcomeBody = z.object({
  status: z.enum(['completed', 'paused']),
  text: z.string(),
  structured: z.record(z.string(), z.unknown()),
  isError: z.boolean(),
  /** The run's; of a paused execution, that of this one pause. */
  executionId: z.string(),
  /** What a paused execution waits for, and where a person answers. */
  interaction: Interaction.optional(),
  approvalUrl: z.string().optional(),
})

export function registerRuns(app: App, deps: RouteDeps): void {
  registerStart(app, deps)
  registerControl(app, deps)
  registerInteractions(app, deps)
}

function registerStart(app: App, { bus, config }: RouteDeps): void {
  app.post(
    '/api/executions',
    {
      bodyLimit: CODE_BYTES_MAX,
      config: { access: executor.execute.access },
      schema: {
        tags,
        summary: 'Execute code',
        description:
          'Waits for the result, or until a person is needed. With `Prefer: respond-async` answers 202 at once.',
        body: z.object({
          code: z.string().min(1).max(1_000_000),
          autoApprove: z.boolean().optional(),
        }),
        response: {
          200: OutcomeBody,
          202: z.object({ executionId: z.string(), status: z.string() }),
        },
      },
    },
    async (request, reply) => {
      const { code, autoApprove = false } = request.body
      const options = asCaller(request, reply)
      if (/\brespond-async\b/i.test(String(request.headers.prefer ?? ''))) {
        const executionId = newRunId()
        await bus.request(
          executor.execute,
          { code, autoApprove, runId: executionId, waitMs: 0 },
          options,
        )
        reply.code(202).header('location', `/api/executions/${executionId}`)
        return { executionId, status: 'running' }
      }
      const outcome = await driveExecution(bus, { code, autoApprove }, options)
      return sendBody(reply, toBody(outcome, request, config.origin))
    },
  )

  app.post(
    '/api/executions/:executionId/resume',
    {
      config: { access: 'call', tagError: tagExecutionError },
      schema: {
        tags,
        summary: 'Answer one pause of an execution, and wait for how it goes on',
        description:
          'The `executionId` is the one that the pause was shown with: an answer that is sent again finds it answered, and is told how the execution went on. With an id of the run itself, only a run that has asked one thing is answered.',
        params: Params,
        body: z.object({
          action: z.enum(Answer.options, {
            error: 'say what the answer is: "accept", "decline" or "cancel"',
          }),
          content: z.record(z.string(), z.unknown()).optional(),
        }),
        response: { 200: OutcomeBody },
      },
    },
    async (request, reply) => {
      const { executionId } = request.params
      const options = asCaller(request, reply)
      const pause = await findPause(bus, executionId, options)
      if (pause?.status === 'open') {
        const { id, digest } = pause
        await bus.request(executor.answerInteraction, { ...request.body, id, digest }, options)
      }
      const known = pause ? [pause.id] : []
      const outcome = await awaitNews(bus, runIdOf(executionId), known, options)
      return sendBody(reply, toBody(outcome, request, config.origin))
    },
  )
}

function registerControl(app: App, { bus }: RouteDeps): void {
  app.post(
    '/api/executions/:executionId/cancel',
    {
      config: { access: executor.cancelRun.access, tagError: tagExecutionError },
      schema: { tags, summary: 'Stop a run', params: Params, response: { 200: RunSummary } },
    },
    (request, reply) =>
      bus.request(
        executor.cancelRun,
        { id: runIdOf(request.params.executionId) },
        asCaller(request, reply),
      ),
  )

  app.post(
    '/api/executions/:executionId/rerun',
    {
      config: { access: executor.rerunRun.access, tagError: tagExecutionError },
      schema: {
        tags,
        summary: 'Run the same once more',
        params: Params,
        response: { 202: RunSummary },
      },
    },
    async (request, reply) => {
      const runId = newRunId()
      const id = runIdOf(request.params.executionId)
      const run = await bus.request(executor.rerunRun, { id, runId }, asCaller(request, reply))
      reply.code(202).header('location', `/api/executions/${run.id}`)
      return run
    },
  )

  app.get(
    '/api/executions/:executionId/result',
    {
      config: { access: executor.readResult.access, tagError: tagExecutionError },
      schema: {
        tags,
        summary: "Get a run's whole result, or one step's",
        params: Params,
        querystring: z.object({ step: z.coerce.number().int().min(0).optional() }),
        response: { 200: z.unknown() },
      },
    },
    async (request, reply) => {
      const input = { id: runIdOf(request.params.executionId), step: request.query.step }
      const { json } = await bus.request(executor.readResult, input, asCaller(request, reply))
      return sendText(reply, json)
    },
  )
}

function registerInteractions(app: App, { bus }: RouteDeps): void {
  const interactionTags = ['interactions']
  app.get(
    '/api/interactions',
    {
      config: { access: executor.listInteractions.access },
      schema: {
        tags: interactionTags,
        summary: 'List what people were asked, the newest first',
        querystring: z.object({
          status: InteractionStatus.optional(),
          runId: z.string().max(128).optional(),
          ...PageQuery,
        }),
        response: { 200: z.array(Interaction) },
      },
    },
    (request, reply) => {
      const { limit = 100, cursor, runId: executionId, ...rest } = request.query
      const filter = { ...rest, ...(executionId !== undefined && { runId: runIdOf(executionId) }) }
      const options = asCaller(request, reply)
      return answerList(request, reply, { limit, cursor }, (page) =>
        bus.request(executor.listInteractions, { ...filter, ...page }, options),
      )
    },
  )

  app.post(
    '/api/interactions/:interactionId/answer',
    {
      config: { access: 'call' },
      schema: {
        tags: interactionTags,
        summary: 'Answer a question, once, for exactly what was shown',
        params: z.object({ interactionId: z.string().min(1).max(64) }),
        body: z.object({
          action: Answer,
          content: z.record(z.string(), z.unknown()).optional(),
          digest: z.string().max(128).optional(),
          grant: z.number().int().min(1).max(1000).optional(),
        }),
        response: { 200: Interaction },
      },
    },
    (request, reply) =>
      bus.request(
        executor.answerInteraction,
        { id: request.params.interactionId, ...request.body },
        asCaller(request, reply),
      ),
  )
}

/** A long result goes to the client as the text it is. */
function sendBody(reply: FastifyReply, body: z.input<typeof OutcomeBody>) {
  return body.structured.result instanceof LongJson ? sendTexts(reply, encodeAround(body)) : body
}

function toBody(
  outcome: Parameters<typeof toOutcomeView>[0],
  request: FastifyRequest,
  origin: string | undefined,
): z.input<typeof OutcomeBody> {
  const executionId = shownIdOf(outcome)
  const approvalUrl = approvalUrlOf(executionId, request, origin)
  const { emitted: _, ...view } = toOutcomeView(outcome, { approvalUrl, mode: 'browser' })
  const [interaction] = outcome.status === 'waiting' ? outcome.interactions : []
  return { ...view, executionId, ...(interaction && { interaction, approvalUrl }) }
}

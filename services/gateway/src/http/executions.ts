import {
  executor,
  Interaction,
  RunDetail,
  RunKind,
  RunStatus,
  RunSummary,
} from '@executor/contracts'
import { z } from 'zod'
import { currentPause, runIdOf } from '../executions/pause.ts'
import { answerList, PageQuery } from './paging.ts'
import { type App, asCaller, type RouteDeps } from './route.ts'
import { tagExecutionError } from './tags.ts'

const tags = ['executions']
/** Every call is a run, so this list has no end: it is the one that is never sent whole. */
const RUNS_DEFAULT = 100

export function registerExecutions(app: App, { bus }: RouteDeps): void {
  app.get(
    '/api/executions',
    {
      config: { access: executor.listRuns.access },
      schema: {
        tags,
        summary: 'List runs, the newest first',
        description:
          'With `address` only calls of that tool, not the executions that called it among others. Without `limit` the newest 100; the header `link` leads to the next.',
        querystring: z.object({
          status: RunStatus.optional(),
          kind: RunKind.optional(),
          address: z.string().max(1100).optional(),
          ...PageQuery,
        }),
        response: { 200: z.array(RunSummary) },
      },
    },
    (request, reply) => {
      const { limit, cursor, ...filter } = request.query
      const options = asCaller(request, reply)
      return answerList(request, reply, { limit: limit ?? RUNS_DEFAULT, cursor }, (page) =>
        bus.request(executor.listRuns, { ...filter, ...page }, options),
      )
    },
  )

  app.get(
    '/api/executions/:executionId',
    {
      config: { access: executor.getRun.access, tagError: tagExecutionError },
      schema: {
        tags,
        summary: 'Get a run with its steps',
        params: z.object({ executionId: z.string().min(1).max(128) }),
        response: { 200: RunView },
      },
    },
    async (request, reply) => {
      const { executionId } = request.params
      const id = runIdOf(executionId)
      const run = await bus.request(executor.getRun, { id }, asCaller(request, reply))
      return toRunView(run, executionId)
    },
  )
}

/** A run, and what clients have always read of one: a text and a structure. */
const RunView = RunDetail.extend({
  text: z.string(),
  structured: z.unknown(),
  /** What an answer to `structured.executionId` is an answer to. */
  interaction: Interaction.optional(),
})

function toRunView(run: RunDetail, askedFor: string): z.infer<typeof RunView> {
  const { executionId, interaction } = currentPause(askedFor, run)
  return {
    ...run,
    text: `Execution ${run.status}: ${run.title}\nexecutionId: ${executionId}`,
    structured: { status: run.status, executionId },
    ...(interaction && { interaction }),
  }
}

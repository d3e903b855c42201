import type { Bus, RequestOptions } from '@executor/bus'
import {
  executor,
  type Interaction,
  isServiceError,
  type RunOutcome,
  ServiceError,
} from '@executor/contracts'

/** `<run>.<interaction>`; a run's own id has no such end. */
const PAUSE_ID = /^(.+)\.(int_[^.]+)$/

/**
 * The `executionId` of one pause. A run pauses many times: whoever answers names the pause that was
 * shown, so that an answer that is sent again never counts for the next one.
 */
export function pauseIdOf({ runId, id }: Pick<Interaction, 'runId' | 'id'>): string {
  return `${runId}.${id}`
}

/** The run that an `executionId` leads to, be it the run's own or that of one of its pauses. */
export function runIdOf(executionId: string): string {
  return PAUSE_ID.exec(executionId)?.[1] ?? executionId
}

/** The `executionId` that a client is shown with an outcome. */
export function shownIdOf(outcome: RunOutcome): string {
  const [asked] = outcome.status === 'waiting' ? outcome.interactions : []
  return asked ? pauseIdOf(asked) : outcome.runId
}

/** The `executionId` by which a client goes on, and what it would answer: where nothing is open, the run's own. */
export function currentPause(
  executionId: string,
  { id, interactions }: { id: string; interactions: readonly Interaction[] },
): { executionId: string; interaction?: Interaction } {
  const open = interactions.filter(({ status }) => status === 'open')
  const interaction = open.find((one) => pauseIdOf(one) === executionId) ?? open[0]
  return interaction ? { executionId: pauseIdOf(interaction), interaction } : { executionId: id }
}

/**
 * What an answer to this `executionId` is an answer to. A run's own id means the only thing that the
 * run ever asked; null where it asked nothing yet, or more than one thing. Throws `not_found`
 * (`run_unknown`) for a pause that never was.
 */
export async function findPause(
  bus: Bus,
  executionId: string,
  options: RequestOptions,
): Promise<Interaction | null> {
  const [, runId, id] = PAUSE_ID.exec(executionId) ?? []
  if (runId === undefined || id === undefined) return findOnlyPause(bus, executionId, options)
  const pause = await getInteraction(bus, id, options)
  if (pause?.runId === runId) return pause
  throw new ServiceError('not_found', 'run_unknown', `There is no execution "${executionId}".`)
}

async function findOnlyPause(
  bus: Bus,
  runId: string,
  options: RequestOptions,
): Promise<Interaction | null> {
  const { items } = await bus.request(executor.listInteractions, { runId, limit: 2 }, options)
  return items.length === 1 ? (items[0] ?? null) : null
}

async function getInteraction(
  bus: Bus,
  id: string,
  options: RequestOptions,
): Promise<Interaction | null> {
  try {
    return await bus.request(executor.getInteraction, { id }, options)
  } catch (error) {
    if (isServiceError(error) && error.code === 'not_found') return null
    throw error
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import {
  isCorePath,
  isServiceError,
  ServiceError,
  type ToolError,
  ToolResult,
} from '@executor/contracts'
import type { Asker } from '../protocols/protocol.ts'
import { toToolError } from '../tools/failure.ts'
import {
  type CallableTool,
  type CallOptions,
  failureAnswer,
  isFailure,
  type ToolAnswer,
  type Tools,
} from '../tools/tool.ts'

/** Milliseconds that our own services and stores may be away before a run is told. */
export const OUTAGE_MS_MAX = 60_000
const RETRY_MS = 200
/** What an agent would be told of a service or a store of ours that is away; no upstream has these. */
const OUTAGE_CODES = new Set([
  'bus_closed',
  'connection_lost',
  'database_unavailable',
  'deadline_exceeded',
  'no_responders',
])

export interface Patience {
  ms?: number
  signal?: AbortSignal
}

/** Asks again while a service or a store of ours is away: the question must be safe to repeat. */
export async function outlast<T>(
  ask: () => Promise<T>,
  { ms = OUTAGE_MS_MAX, signal }: Patience = {},
): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isOutage(error) || signal?.aborted || Date.now() >= deadline) throw error
      await sleep(RETRY_MS)
    }
  }
}

export function isOutage(error: unknown): boolean {
  return (
    isServiceError(error) && (error.code === 'unavailable' || error.code === 'deadline_exceeded')
  )
}

/** Finds a tool; throws where one of our services is away, and a run should wait instead of fail. */
export async function findTool(
  tools: Tools,
  path: string,
  args: Record<string, unknown>,
  options: CallOptions,
): ReturnType<Tools['find']> {
  const found = await tools.find(path, args, options)
  if (isFailure(found) && OUTAGE_CODES.has(found.failure.code))
    throw toOutage(found.failure.message)
  return found
}

/** Sends a call, and asks again where it was never sent because a service of ours was away. */
export async function sendTool(
  tool: CallableTool,
  options: CallOptions,
  patience: Patience,
  asker?: Asker,
): Promise<ToolAnswer> {
  const send = async () => {
    const answer = await tool.send(options, asker)
    if (wasNotSent(tool, answer)) throw toOutage('The credential cannot be read right now.')
    return answer
  }
  return outlast(send, patience).catch(outageAnswer)
}

/** An outage that lasts is told at last; nothing was sent. Anything else is rethrown. */
export function outageAnswer(error: unknown): ToolAnswer {
  return failureAnswer(outageFailure(error).failure)
}

export function outageFailure(error: unknown): { failure: ToolError } {
  if (!isOutage(error)) throw error
  return { failure: toToolError(error) }
}

/** Our own tools are what they ask of our services: an answer that was lost may have been carried out. */
function wasNotSent({ path, readOnly }: CallableTool, { ok, json }: ToolAnswer): boolean {
  if (ok || (!readOnly && isCorePath(path))) return false
  const result = ToolResult.parse(JSON.parse(json))
  return !result.ok && OUTAGE_CODES.has(result.error.code)
}

function toOutage(message: string): ServiceError {
  return new ServiceError('unavailable', 'unavailable', message)
}

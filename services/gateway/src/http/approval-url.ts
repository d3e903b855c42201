import type { FastifyRequest } from 'fastify'

/**
 * Where a person answers for a run, or for one of its pauses. Without a configured origin it is where the request came to,
 * whose name the door has checked.
 */
export function approvalUrlOf(
  executionId: string,
  request: FastifyRequest,
  origin: string | undefined,
): string {
  const base = origin ?? `${request.protocol}://${request.host}`
  return `${base}/resume/${encodeURIComponent(executionId)}`
}

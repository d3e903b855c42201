import type { FastifyRequest } from 'fastify'

/**
 * Where a person answers for a run. Without a configured origin it is where the request came to,
 * whose name the door has checked.
 */
export function approvalUrlOf(
  runId: string,
  request: FastifyRequest,
  origin: string | undefined,
): string {
  const base = origin ?? `${request.protocol}://${request.host}`
  return `${base}/resume/${encodeURIComponent(runId)}`
}

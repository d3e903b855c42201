import { isServiceError, type ToolError } from '@executor/contracts'

/** A refusal of ours before anything was sent. */
export function toToolError(error: unknown): ToolError {
  if (!isServiceError(error)) throw error
  const { reason: code, message, details } = error
  return { code, message, ...(details ? { details } : {}), retryable: false }
}

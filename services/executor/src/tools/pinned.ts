import { type LocatedTool, ServiceError } from '@executor/contracts'

/** Throws `failed_precondition` where a tool is described as it was, and its upstream has changed it. */
export function assertAsReviewed({ pinned = [] }: LocatedTool, tool: string): void {
  const held = pinned.find(({ name }) => name === tool)
  if (!held) return
  if (held.status === 'rejected') {
    throw new ServiceError(
      'failed_precondition',
      'tool_rejected',
      `"${tool}" is not called: what it has become upstream was turned down when it was reviewed.`,
    )
  }
  throw new ServiceError(
    'failed_precondition',
    'tool_awaits_review',
    `"${tool}" has changed upstream and waits for review. A person who manages the integration lets it in.`,
  )
}

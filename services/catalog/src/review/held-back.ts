import { ServiceError } from '@executor/contracts'
import type { Store } from '../store.ts'

/** Throws `failed_precondition` where an operation is missing because it is held back. */
export async function assertNotHeldBack(
  store: Pick<Store, 'findHeldBack'>,
  { tenant, snapshot, tool }: { tenant: string; snapshot: string; tool: string },
): Promise<void> {
  const held = await store.findHeldBack(tenant, snapshot, tool)
  if (!held) return
  if (held.status === 'rejected') {
    throw new ServiceError(
      'failed_precondition',
      'tool_rejected',
      `"${tool}" was turned down when it was reviewed.`,
    )
  }
  throw new ServiceError(
    'failed_precondition',
    'tool_awaits_review',
    `"${tool}" is new upstream and waits for review. A person who manages the integration lets it in.`,
  )
}

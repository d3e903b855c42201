import type { Handler } from '@executor/bus'
import type { connections } from '@executor/contracts'
import type { HandlerDeps } from '../deps.ts'

/** The list is read, and not sent to who has it: most of what it costs is on the way. */
export function listAccounts({ store }: HandlerDeps): Handler<typeof connections.listAccounts> {
  return async ({ integration, owner, known }, { principal: { tenant, subject } }) => {
    const { version, accounts } = await store.listAccounts({ tenant, subject, integration, owner })
    return { version, accounts: version === known ? null : [...accounts] }
  }
}

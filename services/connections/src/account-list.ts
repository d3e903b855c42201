import { createHash } from 'node:crypto'
import type { ConnectedAccount } from '@executor/contracts'

/** What tools are made of, as one subject sees it. */
export interface AccountList {
  /** Names what is in the list: equal lists have the same. */
  version: string
  accounts: readonly ConnectedAccount[]
}

export function toAccountList(accounts: readonly ConnectedAccount[]): AccountList {
  const version = createHash('sha256').update(JSON.stringify(accounts)).digest('base64url')
  return { version, accounts }
}

import type { Bus, CallContext } from '@executor/bus'
import { type ConnectedAccount, connections, type Owner } from '@executor/contracts'
import { SizedCache } from './lru.ts'

/** A connection with the beginning of its tools' paths. */
export interface ListedAccount extends ConnectedAccount {
  path: string
}

/** Knows which accounts somebody has; its list is asked for every time, and sent when it has changed. */
export interface AccountLists {
  /** In path order. */
  list(context: CallContext, filter: AccountListFilter): Promise<readonly ListedAccount[]>
}

export interface AccountListFilter {
  integration?: string | undefined
  owner?: Owner | undefined
}

interface AccountList {
  version: string
  accounts: readonly ListedAccount[]
}

/** Accounts kept in memory, of all who ask. */
const ACCOUNTS_MAX = 100_000

export function createAccountLists(bus: Bus): AccountLists {
  const lists = new SizedCache<AccountList>(ACCOUNTS_MAX)
  return {
    async list({ principal, signal }, filter) {
      // What is narrowed down is short: the list of all is worth its memory.
      const isWhole = filter.integration === undefined && filter.owner === undefined
      const key = JSON.stringify([principal.tenant, principal.subject])
      const known = isWhole ? lists.find(key) : undefined
      const { version, accounts } = await bus.request(
        connections.listAccounts,
        { ...filter, known: known?.version },
        { principal, signal },
      )
      if (accounts === null) return known?.accounts ?? []
      const listed = accounts.map(toListed).sort(byPath)
      if (isWhole) lists.set(key, { version, accounts: listed }, listed.length)
      return listed
    },
  }
}

function toListed(account: ConnectedAccount): ListedAccount {
  return { ...account, path: `${account.integration}.${account.owner}.${account.name}` }
}

function byPath(a: ListedAccount, b: ListedAccount): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}

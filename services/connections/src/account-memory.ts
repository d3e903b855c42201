import type { AccountList } from './account-list.ts'
import type { ConnectionRows } from './connection.ts'

/** Lists that are kept in memory, one for each subject who asks; some have 10,000 accounts. */
const LISTS_MAX = 50

/**
 * Keeps whole lists of accounts in memory, for a store that this process alone writes: every list of
 * tools and every search asks for one. A change is in force for whatever starts after it was answered.
 */
export function rememberAccounts(rows: ConnectionRows): ConnectionRows {
  const lists = new Map<string, { tenant: string; list: Promise<AccountList> }>()

  function load(tenant: string, subject: string): Promise<AccountList> {
    const key = JSON.stringify([tenant, subject])
    const known = lists.get(key)
    if (known) return known.list
    const loading = { tenant, list: rows.listAccounts({ tenant, subject }) }
    lists.set(key, loading)
    loading.list.catch(() => lists.get(key) === loading && lists.delete(key))
    const [eldest] = lists.keys()
    if (lists.size > LISTS_MAX && eldest !== undefined) lists.delete(eldest)
    return loading.list
  }

  /** What was read while the change was under way may be what was there before. */
  async function changing<T>(tenant: string, change: Promise<T>): Promise<T> {
    try {
      return await change
    } finally {
      for (const [key, list] of lists) if (list.tenant === tenant) lists.delete(key)
    }
  }

  return {
    ...rows,
    listAccounts: (filter) =>
      filter.integration === undefined && filter.owner === undefined
        ? load(filter.tenant, filter.subject)
        : rows.listAccounts(filter),
    insertConnection: (row) => changing(row.tenant, rows.insertConnection(row)),
    replaceConnection: (row, replaced) =>
      changing(row.tenant, rows.replaceConnection(row, replaced)),
    relabelConnection: (key, ...labels) =>
      changing(key.tenant, rows.relabelConnection(key, ...labels)),
    saveRefreshed: (row, claim) => changing(row.tenant, rows.saveRefreshed(row, claim)),
    removeConnection: (row) => changing(row.tenant, rows.removeConnection(row)),
    takeIntegrationConnections: (tenant, ...which) =>
      changing(tenant, rows.takeIntegrationConnections(tenant, ...which)),
  }
}

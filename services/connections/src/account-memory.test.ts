import { describe, expect, it } from 'vitest'
import { aConnectionRow } from '../test/rows.ts'
import { toAccountList } from './account-list.ts'
import { rememberAccounts } from './account-memory.ts'
import type { ConnectionRow, ConnectionRows } from './connection.ts'

const ALICE = { tenant: 'acme', subject: 'alice' }
const row = aConnectionRow({ tenant: 'acme' })

describe('rememberAccounts', () => {
  it('reads the list of a subject once, and a part of it every time', async () => {
    const { rows, read } = aTable()
    const memory = rememberAccounts(rows)

    await Promise.all([memory.listAccounts(ALICE), memory.listAccounts(ALICE)])
    await memory.listAccounts({ ...ALICE, subject: 'bob' })
    await memory.listAccounts({ ...ALICE, integration: 'github' })
    await memory.listAccounts({ ...ALICE, integration: 'github' })

    expect(read).toEqual(['alice', 'bob', 'alice', 'alice'])
  })

  it.each<[string, (rows: ConnectionRows) => Promise<unknown>]>([
    ['insertConnection', (rows) => rows.insertConnection(row)],
    ['replaceConnection', (rows) => rows.replaceConnection(row, row)],
    ['relabelConnection', (rows) => rows.relabelConnection(row, {}, 1)],
    ['saveRefreshed', (rows) => rows.saveRefreshed(row, { id: '', revision: '', endsAt: 0 })],
    ['removeConnection', (rows) => rows.removeConnection(row)],
    ['takeIntegrationConnections', (rows) => rows.takeIntegrationConnections('acme', 'github', 1)],
  ])('reads again after %s, for its tenant alone', async (_, change) => {
    const { rows, read } = aTable()
    const memory = rememberAccounts(rows)
    await memory.listAccounts(ALICE)
    await memory.listAccounts({ ...ALICE, tenant: 'umbrella' })
    read.length = 0

    await change(memory)
    await memory.listAccounts(ALICE)
    await memory.listAccounts({ ...ALICE, tenant: 'umbrella' })

    expect(read).toEqual(['alice'])
  })

  it('does not keep what was read while a change was under way', async () => {
    const table = aTable()
    const memory = rememberAccounts(table.rows)
    const gate = Promise.withResolvers<void>()
    table.hold(gate.promise)

    const change = memory.insertConnection(row)
    await memory.listAccounts(ALICE)
    gate.resolve()
    await change
    await memory.listAccounts(ALICE)

    expect(table.read).toEqual(['alice', 'alice'])
  })

  it('asks again after a failure', async () => {
    const table = aTable()
    const memory = rememberAccounts(table.rows)
    table.failOnce()

    await expect(memory.listAccounts(ALICE)).rejects.toThrow('the store is gone')
    expect((await memory.listAccounts(ALICE)).accounts).toEqual([])
  })
})

/** Rows whose changes can be held back, and who was asked for. */
function aTable() {
  const read: string[] = []
  let gate = Promise.resolve()
  let isFailing = false
  const change = async () => {
    await gate
    return true
  }
  const rows: Partial<ConnectionRows> = {
    async listAccounts({ subject }) {
      read.push(subject)
      if (isFailing) {
        isFailing = false
        throw new RangeError('the store is gone')
      }
      return toAccountList([])
    },
    insertConnection: change,
    replaceConnection: change,
    saveRefreshed: change,
    removeConnection: change,
    relabelConnection: async (): Promise<ConnectionRow | null> => null,
    takeIntegrationConnections: async (): Promise<ConnectionRow[]> => [],
  }
  return {
    rows: rows as ConnectionRows,
    read,
    hold(until: Promise<void>) {
      gate = until
    },
    failOnce() {
      isFailing = true
    },
  }
}

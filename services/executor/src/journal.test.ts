import { ServiceError } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { createJournal, type JournalStore } from './journal.ts'
import { newExecution } from './runs/new-run.ts'
import type { RunRow } from './store/rows.ts'

const principal = { tenant: 't', subject: 'ann', roles: ['owner' as const], via: 'rest' as const }

function aRun(): RunRow {
  return newExecution('return 1', { principal, status: 'running', holder: 'one' })
}

/** A store for which no text is long. */
function aStore(writeGroup: JournalStore['writeGroup']): JournalStore {
  return { isKept: () => true, keepTexts: async () => {}, writeGroup }
}

/** A store that is asked one group at a time, as the real one is. */
function aWriter(answer: (ids: string[]) => string[] = (ids) => ids) {
  const groups: string[][] = []
  const store = aStore(async (records) => {
    const ids = records.map(({ run }) => run.id)
    await new Promise((resolve) => setImmediate(resolve))
    groups.push(ids)
    return new Set(answer(ids))
  })
  return { groups, ...store }
}

/** A store whose texts are long where they are longer than one character, and that takes its time with them. */
function aSlowStore() {
  const kept = new Map<string, () => void>()
  const written: RunRow[] = []
  const known = new WeakSet<object>()
  const store: JournalStore = {
    isKept: (row) => known.has(row) || ('result' in row ? (row.result ?? '') : '').length < 2,
    keepTexts: ({ run }) =>
      new Promise((resolve) => {
        kept.set(run.id, () => {
          known.add(run)
          resolve()
        })
      }),
    async writeGroup(records) {
      written.push(...records.map(({ run }) => ({ ...run })))
      return new Set(records.map(({ run }) => run.id))
    },
  }
  return { store, written, keep: (id: string) => kept.get(id)?.() }
}

const ignore = () => {}

/** Long after everything that needs no more input has happened. */
async function late(): Promise<string> {
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
  return 'late'
}

describe('createJournal', () => {
  it('writes what is appended together in one group', async () => {
    const writer = aWriter()
    const journal = createJournal(writer, ignore)
    const runs = [aRun(), aRun(), aRun()]

    for (const run of runs) journal.append(run)
    await Promise.all(runs.map(({ id }) => journal.flush(id)))

    expect(writer.groups).toEqual([runs.map(({ id }) => id)])
  })

  it('writes the latest state of a run once', async () => {
    const states: string[] = []
    const journal = createJournal(
      aStore(async (records) => {
        states.push(...records.map(({ run }) => run.status))
        return new Set(records.map(({ run }) => run.id))
      }),
      ignore,
    )
    const run = aRun()

    journal.append(run)
    journal.append({ ...run, status: 'completed' })
    await journal.flush(run.id)

    expect(states).toEqual(['completed'])
  })

  it('lets what nobody waits for gather while a group is written', async () => {
    const writer = aWriter()
    const journal = createJournal(writer, ignore)
    const [awaited, ...others] = [aRun(), aRun(), aRun()]

    journal.append(awaited)
    const flushed = journal.flush(awaited.id)
    await new Promise((resolve) => setImmediate(resolve))
    for (const run of others) journal.append(run)
    await flushed
    const gathered = others.map(({ id }) => journal.whenWritten(id))
    await Promise.all(gathered)

    expect(writer.groups).toEqual([[awaited.id], others.map(({ id }) => id)])
  })

  it('tells whoever lost a run that nothing may be sent for it', async () => {
    const writer = aWriter(() => [])
    const journal = createJournal(writer, ignore)
    const run = aRun()

    journal.append(run)

    await expect(journal.flush(run.id)).rejects.toMatchObject({ reason: 'run_taken' })
  })

  it('answers whoever asks again the moment a group is written', async () => {
    const journal = createJournal(aWriter(), ignore)
    const run = aRun()
    journal.append(run)

    await journal.flush(run.id)

    expect(await Promise.race([journal.flush(run.id), late()])).toBeUndefined()
  })

  it('waits for nothing when there is nothing to write', async () => {
    const writer = aWriter()

    await createJournal(writer, ignore).flush('exec_unknown')

    expect(writer.groups).toEqual([])
  })

  it('keeps records through an outage of the store', async () => {
    let isDown = true
    const writer = aWriter()
    const journal = createJournal(
      aStore((records) => {
        if (!isDown) return writer.writeGroup(records)
        isDown = false
        throw new ServiceError('unavailable', 'storage.database_unavailable', 'down')
      }),
      ignore,
    )
    const run = aRun()

    journal.append(run)
    await journal.flush(run.id)

    expect(writer.groups).toEqual([[run.id]])
  })

  it('loses one record that the store refuses, and not its neighbours', async () => {
    const refused = aRun()
    const fine = aRun()
    const reported: string[] = []
    const writer = aWriter()
    const journal = createJournal(
      aStore((records) => {
        if (records.some(({ run }) => run.id === refused.id)) throw new TypeError('refused')
        return writer.writeGroup(records)
      }),
      (_error, runId) => reported.push(runId),
    )

    journal.append(refused)
    journal.append(fine)
    const outcomes = await Promise.allSettled([journal.flush(refused.id), journal.flush(fine.id)])

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(reported).toEqual([refused.id])
  })

  it('lets nobody wait for the long texts of another run', async () => {
    const { store, written, keep } = aSlowStore()
    const journal = createJournal(store, ignore)
    const [long, short] = [aRun(), aRun()]
    long.result = 'long'

    journal.append(long)
    journal.append(short)
    await journal.flush(short.id)
    const flushed = journal.flush(long.id)

    expect(await Promise.race([flushed, late()])).toBe('late')
    expect(written.map(({ id }) => id)).toEqual([short.id])
    keep(long.id)
    await flushed
    expect(written.map(({ id }) => id)).toEqual([short.id, long.id])
  })

  it('rests when what was due has been set aside for its long texts', async () => {
    const { store, keep } = aSlowStore()
    let groups = 0
    const writeGroup: JournalStore['writeGroup'] = (records) => {
      groups++
      return store.writeGroup(records)
    }
    const journal = createJournal({ ...store, writeGroup }, ignore)
    const run = aRun()
    journal.append(run)
    const flushed = journal.flush(run.id)
    run.result = 'long'
    journal.append(run)

    await late()
    expect(groups).toBe(0)
    keep(run.id)
    await flushed

    expect(groups).toBe(1)
  })

  it('writes a run in its order, whatever is appended while its long texts are written', async () => {
    const { store, written, keep } = aSlowStore()
    const journal = createJournal(store, ignore)
    const run = aRun()
    run.result = 'long'

    journal.append(run)
    run.status = 'completed'
    journal.append(run)
    const flushed = journal.flush(run.id)
    await late()
    expect(written).toEqual([])
    keep(run.id)
    await flushed

    expect(written.map(({ status }) => status)).toEqual(['completed'])
  })

  it('writes long texts too before it closes, and tells who waits where they are refused', async () => {
    const { store, written, keep } = aSlowStore()
    const [run, refused] = [aRun(), aRun()]
    const keepTexts: JournalStore['keepTexts'] = (record) => {
      if (record.run.id === refused.id) throw new TypeError('refused')
      return store.keepTexts(record)
    }
    const journal = createJournal({ ...store, keepTexts }, ignore)
    for (const one of [run, refused]) {
      one.result = 'long'
      journal.append(one)
    }

    const told = expect(journal.flush(refused.id)).rejects.toThrow('refused')
    const closed = journal.close()
    keep(run.id)
    await closed
    await told

    expect(written.map(({ id }) => id)).toEqual([run.id])
  })

  it('writes everything before it closes', async () => {
    const writer = aWriter()
    const journal = createJournal(writer, ignore)
    const run = aRun()

    journal.append(run)
    await journal.close()

    expect(writer.groups).toEqual([[run.id]])
  })
})

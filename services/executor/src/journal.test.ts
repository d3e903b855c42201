import { ServiceError } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { createJournal } from './journal.ts'
import { newExecution } from './runs/new-run.ts'
import type { JournalRecord, RunRow } from './store/rows.ts'

const principal = { tenant: 't', subject: 'ann', roles: ['owner' as const], via: 'rest' as const }

function aRun(): RunRow {
  return newExecution('return 1', { principal, status: 'running', holder: 'one' })
}

/** A store that is asked one group at a time, as the real one is. */
function aWriter(answer: (ids: string[]) => string[] = (ids) => ids) {
  const groups: string[][] = []
  return {
    groups,
    async write(records: JournalRecord[]) {
      const ids = records.map(({ run }) => run.id)
      await new Promise((resolve) => setImmediate(resolve))
      groups.push(ids)
      return new Set(answer(ids))
    },
  }
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
    const journal = createJournal(writer.write, ignore)
    const runs = [aRun(), aRun(), aRun()]

    for (const run of runs) journal.append(run)
    await Promise.all(runs.map(({ id }) => journal.flush(id)))

    expect(writer.groups).toEqual([runs.map(({ id }) => id)])
  })

  it('writes the latest state of a run once', async () => {
    const states: string[] = []
    const journal = createJournal(async (records) => {
      states.push(...records.map(({ run }) => run.status))
      return new Set(records.map(({ run }) => run.id))
    }, ignore)
    const run = aRun()

    journal.append(run)
    journal.append({ ...run, status: 'completed' })
    await journal.flush(run.id)

    expect(states).toEqual(['completed'])
  })

  it('lets what nobody waits for gather while a group is written', async () => {
    const writer = aWriter()
    const journal = createJournal(writer.write, ignore)
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
    const journal = createJournal(writer.write, ignore)
    const run = aRun()

    journal.append(run)

    await expect(journal.flush(run.id)).rejects.toMatchObject({ reason: 'run_taken' })
  })

  it('answers whoever asks again the moment a group is written', async () => {
    const journal = createJournal(aWriter().write, ignore)
    const run = aRun()
    journal.append(run)

    await journal.flush(run.id)

    expect(await Promise.race([journal.flush(run.id), late()])).toBeUndefined()
  })

  it('waits for nothing when there is nothing to write', async () => {
    const writer = aWriter()

    await createJournal(writer.write, ignore).flush('exec_unknown')

    expect(writer.groups).toEqual([])
  })

  it('keeps records through an outage of the store', async () => {
    let isDown = true
    const writer = aWriter()
    const journal = createJournal((records) => {
      if (!isDown) return writer.write(records)
      isDown = false
      throw new ServiceError('unavailable', 'storage.database_unavailable', 'down')
    }, ignore)
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
      (records) => {
        if (records.some(({ run }) => run.id === refused.id)) throw new TypeError('refused')
        return writer.write(records)
      },
      (_error, runId) => reported.push(runId),
    )

    journal.append(refused)
    journal.append(fine)
    const outcomes = await Promise.allSettled([journal.flush(refused.id), journal.flush(fine.id)])

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(reported).toEqual([refused.id])
  })

  it('writes everything before it closes', async () => {
    const writer = aWriter()
    const journal = createJournal(writer.write, ignore)
    const run = aRun()

    journal.append(run)
    await journal.close()

    expect(writer.groups).toEqual([[run.id]])
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import { createInProcessBus } from '@executor/bus'
import { RUN_CHANGES_MAX, type RunChange, runsChanged } from '@executor/contracts'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { RunRow } from '../store/rows.ts'
import { createAnnouncements } from './announcements.ts'
import { newExecution, newInvocation } from './new-run.ts'

async function aWatched() {
  const net = createInProcessBus()
  const [bus, watcher] = [net.connect('executor'), net.connect('gateway')]
  onTestFinished(() => net.close())
  const told: RunChange[][] = []
  await watcher.subscribe(runsChanged, ({ runs }) => told.push(runs))
  return { announcements: createAnnouncements(bus), told }
}

const run = {
  principal: { tenant: 't', subject: 's', roles: ['owner' as const], via: 'rest' as const },
  status: 'running' as const,
  holder: 'h',
}
const aCall = (id: string): RunRow => ({
  ...newInvocation({ address: 'a.org.b.c', args: {} }, run),
  id,
})

describe('announcements', () => {
  it('tell of a quick run once, with what it came to', async () => {
    const { announcements, told } = await aWatched()

    for (const quick of [aCall('1'), { ...newExecution('return 1', run), id: '2' }]) {
      announcements.tell(quick)
      announcements.tell({ ...quick, status: 'completed' })
    }
    await vi.waitFor(() => expect(told).toHaveLength(1))
    await sleep(50)

    expect(told.map((runs) => runs.map(({ id, status }) => [id, status]))).toEqual([
      [
        ['1', 'completed'],
        ['2', 'completed'],
      ],
    ])
  })

  it.each<[string, RunRow]>([
    ['what waits for a person', { ...aCall('2'), status: 'waiting' }],
    [
      'an execution that settled',
      { ...newExecution('return 1', run), id: '2', status: 'completed' },
    ],
  ])('tell of %s at once, and of what came before it first', async (_, urgent) => {
    const { announcements, told } = await aWatched()

    announcements.tell(aCall('1'))
    announcements.tell(urgent)
    await new Promise(setImmediate)

    expect(told.map((runs) => runs.map(({ id }) => id))).toEqual([['1', '2']])
  })

  it('fit into messages however many there are; the rest is told at the end, and nothing after it', async () => {
    const { announcements, told } = await aWatched()

    for (let i = 0; i <= RUN_CHANGES_MAX; i++) announcements.tell(aCall(String(i)))
    announcements.close()
    announcements.tell(aCall('late'))
    await sleep(50)
    expect(told.map((runs) => runs.length)).toEqual([RUN_CHANGES_MAX, 1])
  })
})

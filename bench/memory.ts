// Memory of the whole process tree, at rest and after ordinary use: node bench/memory.ts
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ToolListing } from '@executor/contracts'
import { connect, importDescription } from './harness/github.ts'
import { timeEach } from './harness/load.ts'
import { readMemory } from './harness/process-tree.ts'
import { openStage, type Stage } from './harness/stage.ts'
import { runFresh } from './report/measure.ts'
import { atMost, type Row } from './report/row.ts'

/** V8 gives the memory of a thread that has ended back after eight seconds. */
const SETTLE_MS = 10_000
const DESCRIBES = 60
const SEARCHES = 230

export async function measureMemory(): Promise<Row[]> {
  const stage = await openStage('local')
  try {
    const idle = await settledMib(stage)
    await importDescription(stage, 'github')
    await connect(stage, 'github')
    const imported = await settledMib(stage)
    await useCatalog(stage)
    const used = await settledMib(stage)
    return [
      atMost('memory of the whole process tree, idle', idle, 'MB', 150),
      atMost('  after importing GitHub', imported, 'MB', 220),
      atMost('  after 60 describes and 230 searches', used, 'MB', 250),
      atMost('  the most at any time', readMemory(stage.form.pids).peakMib, 'MB'),
    ]
  } finally {
    await stage.close()
  }
}

async function settledMib({ form }: Stage): Promise<number> {
  await sleep(SETTLE_MS)
  return readMemory(form.pids).residentMib
}

async function useCatalog({ owner }: Stage): Promise<void> {
  const tools: ToolListing[] = JSON.parse(await owner.get('/api/tools?integration=github'))
  await timeEach(DESCRIBES, (index) => {
    const { address = '' } = tools[index * Math.floor(tools.length / DESCRIBES)] ?? {}
    return owner.get(`/api/tools/schema?address=${encodeURIComponent(address)}`)
  })
  const file = readFileSync(new URL('search/queries.json', import.meta.url), 'utf8')
  const queries = JSON.parse(file) as { query: string }[]
  await timeEach(SEARCHES, (index) => {
    const { query = '' } = queries[index % queries.length] ?? {}
    return owner.get(`/api/tools/search?query=${encodeURIComponent(query)}`)
  })
}

if (import.meta.main) await runFresh(measureMemory)

// Search through REST over catalogs of three sizes: node bench/search.ts (search/quality.ts says how
// good the answers are)
import { readFileSync } from 'node:fs'
import { connect, importDescription } from './harness/github.ts'
import { p50, p95, timeEach } from './harness/load.ts'
import type { Stage } from './harness/stage.ts'
import { runStaged } from './report/measure.ts'
import { atMost, type Row } from './report/row.ts'

const ROUNDS = 2
/** The largest description there is, several times: each is an integration of its own. */
const LARGE_COPIES = 4

export async function measureSearch(stage: Stage): Promise<Row[]> {
  const rows = await measureQueries(stage, 3)
  await importDescription(stage, 'graph')
  await connect(stage, 'graph')
  rows.push(...(await measureQueries(stage, 6)))
  for (let copy = 1; copy <= LARGE_COPIES; copy += 1) {
    await importDescription(stage, 'graph-beta', `large${copy}`)
    await connect(stage, `large${copy}`)
  }
  return [...rows, ...(await measureQueries(stage, 15))]
}

async function measureQueries({ owner }: Stage, budgetMs: number): Promise<Row[]> {
  const queries = readQueries()
  const search = (index: number) => {
    const query = queries[index % queries.length] ?? ''
    return owner.get(`/api/tools/search?limit=12&query=${encodeURIComponent(query)}`)
  }
  const [firstMs = 0] = await timeEach(1, search)
  await timeEach(queries.length, search)
  const timesMs = await timeEach(queries.length * ROUNDS, search)
  const over = `search over ${(await countTools({ owner })).toLocaleString('en')} tools`
  return [
    atMost(`${over}, p50`, p50(timesMs), 'ms'),
    atMost(`${over}, p95`, p95(timesMs), 'ms', budgetMs),
    atMost(`${over}, the first after an import`, firstMs, 'ms'),
  ]
}

async function countTools({ owner }: Pick<Stage, 'owner'>): Promise<number> {
  const integrations: { toolCount: number }[] = JSON.parse(await owner.get('/api/integrations'))
  return integrations.reduce((sum, { toolCount }) => sum + toolCount, 0)
}

function readQueries(): string[] {
  const file = readFileSync(new URL('search/queries.json', import.meta.url), 'utf8')
  return (JSON.parse(file) as { query: string }[]).map(({ query }) => query)
}

if (import.meta.main) await runStaged(measureSearch)

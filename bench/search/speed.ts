import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { buildIndex } from '../../services/catalog/src/search/build-index.ts'
import { type SearchTarget, searchIndexes } from '../../services/catalog/src/search/search.ts'
import { DIRECTORY, readCorpus, readFile } from './documents.ts'

const ROUNDS = 3
const MANY = 100_000

/** How long questions take, and how large the indexes are, at three sizes of catalog. */
export function measureSpeed(queries: readonly string[]): void {
  report('1,223 (GitHub)', [buildTarget('github', readCorpus('github').documents)], queries)
  report('11,422 (Microsoft Graph)', [buildTarget('graph', readCorpus('graph').documents)], queries)
  for (const order of ['largest first', 'as they come'] as const) {
    const many = readMany(order)
    const operations = many.reduce((sum, { target }) => sum + target.index.documents, 0)
    report(`${operations.toLocaleString('en')} (${many.length} APIs)`, many, queries)
  }
}

interface Built {
  target: SearchTarget
  buildMs: number
}

function report(name: string, built: readonly Built[], queries: readonly string[]): void {
  const targets = built.map(({ target }) => target)
  const page = { limit: 12, offset: 0 }
  for (const query of queries) searchIndexes(targets, query, page)
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++)
    for (const query of queries) {
      const start = performance.now()
      searchIndexes(targets, query, page)
      times.push(performance.now() - start)
    }
  times.sort((a, b) => a - b)
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(2)
  const bytes = targets.reduce((sum, { index }) => sum + index.bytes.length, 0)
  const buildMs = built.reduce((sum, it) => sum + it.buildMs, 0)
  console.log(
    name.padEnd(26),
    `p50 ${at(0.5)} ms  p95 ${at(0.95)} ms  max ${at(0.9999)} ms`,
    ` index ${(bytes / 1e6).toFixed(2)} MB  built in ${buildMs.toFixed(0)} ms`,
  )
}

function buildTarget(key: string, documents: Parameters<typeof buildIndex>[0]): Built {
  const start = performance.now()
  const index = buildIndex(documents)
  return { target: { key, index, allows: () => true }, buildMs: performance.now() - start }
}

/** As many real operations as are wanted: of few large APIs, or of very many small ones. */
function readMany(order: 'largest first' | 'as they come'): Built[] {
  const built: Built[] = []
  let operations = 0
  const files = readdirSync(DIRECTORY, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ file, bytes: statSync(join(DIRECTORY, file)).size }))
  if (order === 'largest first') files.sort((a, b) => b.bytes - a.bytes)
  for (const { file } of files) {
    if (operations >= MANY) break
    const { documents } = readFile(join(DIRECTORY, file))
    operations += documents.length
    built.push(buildTarget(file.replace(/\W+/g, '-'), documents))
  }
  return built
}

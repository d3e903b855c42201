// A call of an upstream MCP tool through REST beside the same call by a client of the SDK:
// node bench/mcp-upstream.ts
import {
  connectDirectly,
  EVERYTHING,
  startEverything,
  type Upstream,
} from '../e2e/harness/mcp-servers.ts'
import { inTurns, p50, timeEach } from './harness/load.ts'
import type { Stage } from './harness/stage.ts'
import { runStaged } from './report/measure.ts'
import { atMost, type Row } from './report/row.ts'

const ROUNDS = 3
const COUNT = 300
const WARMUP = 100
const BUDGET_MS = 3
const ARGUMENTS = { message: 'hello' }

export async function measureMcpUpstream(stage: Stage): Promise<Row[]> {
  const http = await startEverything('streamableHttp')
  try {
    const stdio = { command: process.execPath, args: [EVERYTHING, 'stdio'] }
    return [
      ...(await measureServer(stage, 'HTTP', { url: http.url, way: 'streamable-http' })),
      ...(await measureServer(stage, 'stdio', stdio)),
    ]
  } finally {
    await http.close()
  }
}

async function measureServer(
  { owner, agent }: Stage,
  name: string,
  upstream: Upstream,
): Promise<Row[]> {
  const slug = `everything_${name.toLowerCase()}`
  const server =
    'command' in upstream
      ? { transport: 'stdio', ...upstream }
      : { transport: 'remote', endpoint: upstream.url, remoteTransport: upstream.way }
  await owner.post('/api/mcp/servers', { name: slug, slug, ...server })
  // A server that is started is connected by itself.
  if (!('command' in upstream)) {
    const account = { owner: 'org', name: 'default', template: 'none' }
    await owner.post('/api/connections', { integration: slug, ...account })
  }
  await owner.post('/api/policies', { owner: 'org', pattern: `${slug}.*`, action: 'approve' })
  const direct = await connectDirectly(upstream)
  const directly = () => direct.callTool({ name: 'echo', arguments: ARGUMENTS })
  const address = `${slug}.org.default.echo`
  const ours = () => agent.post('/api/tools/invoke', { address, arguments: ARGUMENTS })
  try {
    await timeEach(WARMUP, directly)
    await timeEach(WARMUP, ours)
    const { directMs, oursMs } = await inTurns(ROUNDS, {
      directMs: async () => p50(await timeEach(COUNT, directly)),
      oursMs: async () => p50(await timeEach(COUNT, ours)),
    })
    const what = `call of an upstream MCP tool over ${name}`
    return [
      atMost(`${what}, by a client of the SDK, p50`, directMs, 'ms'),
      atMost(`${what}, through REST, p50`, oursMs, 'ms', BUDGET_MS),
      atMost('  added to the direct call', oursMs - directMs, 'ms'),
    ]
  } finally {
    await direct.close()
  }
}

if (import.meta.main) await runStaged(measureMcpUpstream)

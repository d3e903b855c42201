// What one OpenAPI call costs above undici itself: node bench/parts/invoke.ts
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, request } from 'undici'
import { createEgress } from '../../packages/egress/src/index.ts'
import { createOpenapi } from '../../services/executor/src/protocols/openapi/openapi.ts'

const BODY = JSON.stringify({
  id: 1,
  full_name: 'octocat/hello-world',
  items: Array.from({ length: 10 }, (_, id) => ({ id, name: `item ${id}` })),
})
const ROUNDS = 7
const LOADS = [
  { concurrency: 1, calls: 2_000 },
  { concurrency: 16, calls: 10_000 },
  { concurrency: 64, calls: 10_000 },
]

if (process.argv[2] === 'serve') serve()
else await main()

function serve(): void {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json; charset=utf-8')
    response.end(BODY)
  })
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
  })
}

async function main(): Promise<void> {
  const upstream = spawn(process.execPath, [import.meta.filename, 'serve'])
  const port = await new Promise<string>((resolve) =>
    upstream.stdout.once('data', (line) => resolve(String(line).trim())),
  )
  const origin = `http://127.0.0.1:${port}`
  const agent = new Agent({ connections: 64, allowH2: false })
  const egress = createEgress({ allowLocalNetwork: 'loopback' })
  const ways = {
    'undici.request': directCall(origin, agent),
    'egress.request': guardedCall(origin, egress),
    'prepare + invoke': invokeCall(origin, egress),
  }
  console.log(
    'calls in flight | way | µs of CPU per call | calls/s (medians of rounds taken in turn)',
  )
  for (const { concurrency, calls } of LOADS) {
    const rounds: Record<string, { cpu: number; rate: number }[]> = {}
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, call] of Object.entries(ways)) {
        rounds[name] ??= []
        rounds[name].push(await measure(call, concurrency, calls))
      }
    for (const [name, taken] of Object.entries(rounds)) {
      const cpu = median(taken.slice(1).map((round) => round.cpu))
      const rate = median(taken.slice(1).map((round) => round.rate))
      console.log(`${concurrency} | ${name} | ${cpu.toFixed(1)} | ${rate.toFixed(0)}`)
    }
  }
  await Promise.all([egress.close(), agent.close()])
  upstream.kill()
}

function directCall(origin: string, dispatcher: Agent): () => Promise<unknown> {
  const headers = { authorization: 'Bearer T0p-secret-value', accept: 'application/json' }
  return async () => {
    const { body } = await request(`${origin}/repos/octocat/hello-world?per_page=30`, {
      dispatcher,
      headers,
    })
    return JSON.parse(await body.text())
  }
}

function guardedCall(origin: string, egress: ReturnType<typeof createEgress>) {
  const headers = { authorization: 'Bearer T0p-secret-value', accept: 'application/json' }
  return async () => {
    const { body } = await egress.request({
      url: { origin, path: '/repos/octocat/hello-world?per_page=30' },
      headers,
    })
    return JSON.parse(body.toString())
  }
}

function invokeCall(origin: string, egress: ReturnType<typeof createEgress>) {
  const openapi = createOpenapi()
  const operation = {
    name: 'repos.get',
    description: '',
    tags: [],
    annotations: { readOnly: true, idempotent: true, destructive: false, requiresApproval: false },
    inputSchema: {
      type: 'object',
      properties: {
        owner: { type: 'string' },
        repo: { type: 'string' },
        per_page: { type: 'integer', minimum: 1, maximum: 100 },
      },
      required: ['owner', 'repo'],
      additionalProperties: false,
    },
    binding: {
      method: 'GET',
      path: '/repos/{owner}/{repo}',
      parameters: [
        { argument: 'owner', name: 'owner', in: 'path', required: true },
        { argument: 'repo', name: 'repo', in: 'path', required: true },
        { argument: 'per_page', name: 'per_page', in: 'query' },
      ],
      responses: [{ status: '200', mediaTypes: ['application/json'] }],
    },
  }
  const settings = {
    slug: 'github',
    kind: 'openapi',
    revision: '1',
    authMethods: [
      {
        slug: 'apikey-0',
        kind: 'apikey' as const,
        placements: [{ carrier: 'header' as const, name: 'Authorization', prefix: 'Bearer ' }],
        origin: 'detected' as const,
      },
    ],
    config: { servers: [{ url: origin }] },
  }
  return async () => {
    const args = { owner: 'octocat', repo: 'hello-world', per_page: 30 }
    const prepared = openapi.prepare({ operation, definitions: {} }, args)
    if ('failure' in prepared) throw new TypeError(prepared.failure.message)
    const answer = await openapi.invoke({
      operation,
      settings,
      connection: { owner: 'org', name: 'main' },
      credential: { template: 'apikey-0', values: { token: 'T0p-secret-value' } },
      args: prepared.args,
      signal: new AbortController().signal,
      egress,
    })
    if (!answer.ok) throw new TypeError(answer.json)
    return answer.json.length
  }
}

async function measure(call: () => Promise<unknown>, concurrency: number, calls: number) {
  let left = calls
  const started = process.hrtime.bigint()
  const before = process.cpuUsage()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left-- > 0) await call()
    }),
  )
  const { user, system } = process.cpuUsage(before)
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  return { cpu: (user + system) / calls, rate: calls / seconds }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? 0
}

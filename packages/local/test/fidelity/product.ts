import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLifetime, createLog } from '@executor/boot'
import { createInProcessBus } from '@executor/bus'
import {
  catalog,
  connections,
  executor,
  invariant,
  NO_AUTH_TEMPLATE,
  OpenapiBinding,
  type Principal,
  policy,
  ToolResult,
} from '@executor/contracts'
import { createEgress } from '@executor/egress'
import { readLocalConfig } from '../../src/config.ts'
import { openServices } from '../../src/services.ts'

const OWNER: Principal = { tenant: 'default', subject: 'ada', roles: ['owner'], via: 'rest' }

/** One imported operation: where it is called, and what its binding says goes where. */
export interface ImportedTool {
  name: string
  address: string
  binding: OpenapiBinding
}

/** The services of the local form, without its doors. */
export interface Product extends AsyncDisposable {
  add(source: {
    slug: string
    url: string
    baseUrl: string
  }): Promise<{ tools: ImportedTool[]; warnings: string[] }>
  invoke(address: string, args: object): Promise<ToolResult>
}

export async function openProduct(): Promise<Product> {
  const dataDir = await mkdtemp(join(tmpdir(), 'executor-fidelity-'))
  const config = readLocalConfig({ EXECUTOR_DATA_DIR: dataDir })
  const log = createLog('fidelity', 'silent')
  const lifetime = createLifetime(log)
  lifetime.own({ close: () => rm(dataDir, { recursive: true, force: true }) })
  const bus = lifetime.own(createInProcessBus())
  const egress = lifetime.own(createEgress({ allowLocalNetwork: 'loopback' }))
  await openServices({ config, bus, egress, log, lifetime, webBaseUrl: () => 'http://127.0.0.1' })
  const door = bus.connect('gateway')
  const inside = bus.connect('executor')
  const as = { principal: OWNER }
  await door.request(policy.createRule, { owner: 'org', pattern: '*', action: 'approve' }, as)

  async function listTools(slug: string): Promise<ImportedTool[]> {
    const listed = await door.request(catalog.listTools, { integration: slug }, as)
    const { items } = readEncoded(listed) as { items: { name: string; address: string }[] }
    const tools: ImportedTool[] = []
    for (const { name, address } of items) {
      const key = { integration: slug, owner: 'org' as const, connection: 'main', tool: name }
      const { snapshot } = await inside.request(catalog.locateTool, key, as)
      const detail = await inside.request(catalog.readOperation, { snapshot, tool: name }, as)
      tools.push({ name, address, binding: OpenapiBinding.parse(detail.operation.binding) })
    }
    return tools
  }

  return {
    async add({ slug, url, baseUrl }) {
      const input = {
        spec: { kind: 'url', url },
        slug,
        baseUrl,
        authenticationTemplate: [
          { slug: NO_AUTH_TEMPLATE, kind: 'none', placements: [], origin: 'custom' },
        ],
      }
      const added = await door.request(catalog.addIntegration, { kind: 'openapi', input }, as)
      const connection = {
        owner: 'org' as const,
        integration: slug,
        name: 'main',
        template: NO_AUTH_TEMPLATE,
      }
      await door.request(connections.createConnection, connection, as)
      return { tools: await listTools(slug), warnings: added.warnings }
    },
    async invoke(address, args) {
      const answer = await door.request(executor.invoke, { address, arguments: args as never }, as)
      return ToolResult.parse(readEncoded(answer))
    },
    [Symbol.asyncDispose]: () => lifetime.close(),
  }
}

/** Large answers travel as the text or the bytes that they were made of. */
function readEncoded(answer: unknown): unknown {
  invariant(typeof answer === 'object' && answer !== null, 'an answer is an object')
  if ('bytes' in answer && answer.bytes instanceof Uint8Array) {
    return JSON.parse(Buffer.from(answer.bytes).toString())
  }
  return 'json' in answer && typeof answer.json === 'string' ? JSON.parse(answer.json) : answer
}

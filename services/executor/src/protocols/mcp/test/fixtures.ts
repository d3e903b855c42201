import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInProcessBus } from '@executor/bus'
import type {
  AuthMethod,
  IntegrationSettings,
  McpBinding,
  McpConfig,
  Operation,
  ToolResult,
} from '@executor/contracts'
import { createEgress } from '@executor/egress'
import type { Ask, Protocol, ProtocolAnswer, ProtocolCall } from '../../protocol.ts'
import { createMcp, type McpOptions } from '../mcp.ts'
import { serverEnvironment } from '../stdio/environment.ts'

export const egress = createEgress({ allowLocalNetwork: 'loopback' })

export type Remote = Partial<McpConfig & { transport: 'remote' }> & { endpoint: string }
export type Stdio = Partial<McpConfig & { transport: 'stdio' }> & { command: string }

export function toConfig(given: Remote | Stdio): McpConfig {
  return 'endpoint' in given
    ? { transport: 'remote', remoteTransport: 'auto', headers: {}, queryParams: {}, ...given }
    : { transport: 'stdio', args: [], env: {}, ...given }
}

export function settingsOf(
  config: unknown,
  { authMethods = [], revision = '1' }: { authMethods?: AuthMethod[]; revision?: string } = {},
): IntegrationSettings {
  return { slug: 'things', kind: 'mcp', revision, authMethods, config }
}

export function aTool(tool: string, readOnly = true): Operation {
  return anOperation({ method: 'tools/call', tool }, readOnly)
}

export function anOperation(binding: McpBinding, readOnly = true): Operation {
  return {
    name: binding.tool ?? binding.method,
    description: '',
    tags: [],
    annotations: { readOnly, idempotent: readOnly, destructive: false, requiresApproval: false },
    inputSchema: { type: 'object' },
    binding,
  }
}

export interface CallOptions extends Partial<Pick<ProtocolCall, 'args' | 'signal' | 'credential'>> {
  settings: IntegrationSettings
  operation: Operation
  connection?: string
  consent?: string
  ask?: Ask
  /** Calls without one are runs of their own. */
  run?: string
}

export type Called = ProtocolAnswer & { result: ToolResult }

/** One call through a protocol, as the executor would make it. */
export async function call(protocol: Protocol, options: CallOptions): Promise<Called> {
  const { connection = 'main', consent = '1', ask, run = randomUUID(), ...rest } = options
  const answer = await protocol.invoke({
    args: {},
    signal: new AbortController().signal,
    credential: { template: 'none', values: {} },
    ...rest,
    ...(ask ? { asker: { run, ask } } : {}),
    connection: { owner: 'org', name: connection },
    account: { tenant: 'acme', subject: '', consent },
    egress,
  })
  return { ...answer, result: JSON.parse(answer.json) as ToolResult }
}

/** The text of a tool's first block. */
export function textOf({ result }: Called): string {
  const data = (result.ok ? result.data : result.error.details) as {
    content: { text: string }[]
  }
  return data.content[0]?.text ?? ''
}

/** A protocol with a bus of its own, and what it wrote to its log. */
export function openMcp({
  isStdioAllowed = true,
  ...limits
}: { isStdioAllowed?: boolean } & McpOptions['limits'] = {}) {
  const inProcess = createInProcessBus()
  const bus = inProcess.connect('executor')
  const logged: object[] = []
  const warned: object[] = []
  const log = {
    debug: (fields: object) => logged.push(fields),
    warn: (fields: object) => warned.push(fields),
    error: () => {},
  }
  const stdioEnvironment = isStdioAllowed ? serverEnvironment(process.env) : null
  const protocol = createMcp({ bus, log, stdioEnvironment, limits })
  return {
    protocol,
    bus,
    connect: inProcess.connect,
    logged,
    warned,
    async [Symbol.asyncDispose]() {
      await protocol.close?.()
      await inProcess.close()
    },
  }
}

/** A raw server as a command, and the diary in which it writes what it was asked. */
export async function rawServer(mood = 'calm') {
  const folder = await mkdtemp(join(tmpdir(), 'executor-mcp-'))
  const diary = join(folder, 'diary')
  await writeFile(diary, '')
  const read = async () => (await readFile(diary, 'utf8')).trim().split('\n')
  const args = [join(import.meta.dirname, '../../../../test/raw-mcp-server.mjs'), diary, mood]
  return {
    config: toConfig({ command: process.execPath, args }),
    diary: read,
    /** How often a tool was called. */
    called: async (tool: string) => (await read()).filter((line) => line === `call ${tool}`).length,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

/** What is dead and not yet buried counts as gone: burying is its new parent's business. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

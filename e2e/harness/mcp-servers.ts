import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePort } from '@executor/bus/testing/ports'
import {
  Client,
  // biome-ignore lint/suspicious/noDeprecatedImports: servers that speak nothing else are what it is for.
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { eventually } from './waiting.ts'

const PACKAGES = join(import.meta.dirname, '../../node_modules/@modelcontextprotocol')
export const EVERYTHING = join(PACKAGES, 'server-everything/dist/index.js')
export const FILESYSTEM = join(PACKAGES, 'server-filesystem/dist/index.js')

/** A server whose tools change when its tool `change` is called: another tool, one less, one changed. */
export const CHANGING = join(import.meta.dirname, 'changing-server/main.ts')
export type Era = 'legacy' | 'modern'

/** Milliseconds; machines that test are busy. */
const START_MS_MAX = 60_000

export interface HttpServer {
  url: string
  port: number
  close(): Promise<void>
}

/** The official example server over HTTP, in either of the protocol's ways. */
export async function startEverything(way: 'streamableHttp' | 'sse'): Promise<HttpServer> {
  const origin = await startHttp((port) => ({ args: [EVERYTHING, way], env: { PORT: port } }))
  return { ...origin, url: `${origin.url}/${way === 'sse' ? 'sse' : 'mcp'}` }
}

export async function startChanging(era: Era, port?: number): Promise<HttpServer> {
  return startHttp((given) => ({ args: [CHANGING, era, given], env: {} }), port)
}

interface Program {
  args: string[]
  env: Record<string, string>
}

async function startHttp(program: (port: string) => Program, given?: number): Promise<HttpServer> {
  const port = given ?? (await findFreePort())
  const { args, env } = program(String(port))
  const child = spawn(process.execPath, args, {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, ...env },
  })
  const url = `http://127.0.0.1:${port}`
  const answers = async () => (await fetch(`${url}/nothing`)).status > 0
  await eventually('the server listens', answers, START_MS_MAX)
  return { url, port, close: () => end(child) }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

/** A client of the SDK with nothing between it and its server. */
export async function connectDirectly(server: Upstream): Promise<Client> {
  const options = { versionNegotiation: { mode: 'auto' as const } }
  const client = new Client({ name: 'direct', version: '1.0.0' }, options)
  await client.connect(transportTo(server))
  return client
}

export type Upstream =
  | { command: string; args: string[] }
  | { url: string; way: 'streamable-http' | 'sse' }

function transportTo(server: Upstream): Transport {
  if ('command' in server) return new StdioClientTransport({ ...server, stderr: 'ignore' })
  const url = new URL(server.url)
  return server.way === 'sse' ? new SSEClientTransport(url) : new StreamableHTTPClientTransport(url)
}

/** Processes that run, and whose command line holds a text. Linux alone shows them. */
export async function findProcesses(text: string): Promise<number[]> {
  const found: number[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    // Of a process that is dead and not yet buried it is empty.
    const line = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')
    if (line.includes(text)) found.push(Number(entry))
  }
  return found
}

import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  Client,
  // biome-ignore lint/suspicious/noDeprecatedImports: servers that speak nothing else are what it is for.
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { findFreePort } from './ports.ts'
import { eventually } from './waiting.ts'

const PACKAGES = join(import.meta.dirname, '../../node_modules/@modelcontextprotocol')
export const EVERYTHING = join(PACKAGES, 'server-everything/dist/index.js')
export const FILESYSTEM = join(PACKAGES, 'server-filesystem/dist/index.js')

/** Milliseconds; machines that test are busy. */
const START_MS_MAX = 60_000

export interface HttpServer {
  url: string
  close(): Promise<void>
}

/** The official example server over HTTP, in either of the protocol's ways. */
export async function startEverything(way: 'streamableHttp' | 'sse'): Promise<HttpServer> {
  const port = await findFreePort()
  const child = spawn(process.execPath, [EVERYTHING, way], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, PORT: String(port) },
  })
  const origin = `http://127.0.0.1:${port}`
  const answers = async () => (await fetch(`${origin}/nothing`)).status === 404
  await eventually('the server listens', answers, START_MS_MAX)
  return { url: `${origin}/${way === 'sse' ? 'sse' : 'mcp'}`, close: () => end(child) }
}

function end(child: ChildProcess): Promise<void> {
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

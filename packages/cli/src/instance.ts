import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dataDirectory, findManifest } from '@executor/local'
import { type Client, createClient, type Target } from './client.ts'
import { commandEnvironment } from './config.ts'
import { CommandFailure } from './failure.ts'
import { terminal } from './terminal.ts'

const START_MS_MAX = 15_000
const POLL_MS = 50
const PROBE_MS_MAX = 1_500

export interface InstanceOptions {
  /** Talk to this origin instead of the local instance. */
  baseUrl?: string | undefined
}

/** The instance to talk to: the one named, the one that runs on the data directory, or a new one. */
export async function connectInstance({ baseUrl }: InstanceOptions): Promise<Client> {
  const { token, apiKey } = commandEnvironment()
  if (baseUrl) {
    const url = URL.parse(baseUrl)
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
      throw new CommandFailure(
        `--base-url is an address such as https://executor.example, not "${baseUrl}".`,
      )
    const key = apiKey ?? token
    if (!key) throw new CommandFailure(`Set EXECUTOR_API_KEY to talk to ${baseUrl}.`)
    return createClient({ origin: url.origin, token: key })
  }
  const running = await findRunning()
  if (running) return createClient(running)
  terminal.note('No instance is running: starting one in the background.')
  return createClient(await startDaemon())
}

/** Where the local instance answers, if it does. */
export async function findRunning(): Promise<Target | null> {
  const manifest = await findManifest(dataDirectory())
  if (!manifest || !isAlive(manifest.pid)) return null
  const { origin, auth } = manifest.connection
  return (await isHealthy(origin)) ? { origin, token: auth.token } : null
}

/** Asked without the bearer: another program may listen there by now. */
async function isHealthy(origin: string): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/api/health`, {
      signal: AbortSignal.timeout(PROBE_MS_MAX),
    })
    return response.ok
  } catch {
    // Refused or too slow: not there.
    return false
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function startDaemon(): Promise<Target> {
  const directory = dataDirectory()
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const logPath = join(directory, 'daemon.log')
  const log = openSync(logPath, 'a', 0o600)
  const entry = process.argv[1] ?? ''
  const child = spawn(process.execPath, [entry, 'daemon', 'run', '--foreground'], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  const deadline = Date.now() + START_MS_MAX
  while (Date.now() < deadline) {
    const running = await findRunning()
    if (running) return running
    if (child.exitCode !== null) break
    await sleep(POLL_MS)
  }
  throw new CommandFailure(`The instance did not start. ${logPath} says why.`)
}

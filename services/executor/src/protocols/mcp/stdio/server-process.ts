import { type ChildProcess, spawn } from 'node:child_process'
import { ServiceError } from '@executor/contracts'
import { createOutputTail } from './output-tail.ts'
import type { Watchdog } from './watchdog.ts'

export interface ServerCommand {
  command: string
  args: readonly string[]
  /** All of it: nothing of ours is added. */
  environment: Readonly<Record<string, string>>
  cwd?: string | undefined
}

/** How a server's process ended. */
export interface Ending {
  exitCode: number | null
  signal: string | null
  /** The last of what it wrote to its standard error. */
  stderr: string
}

/** A running server: its pipes, and a way to end it with everything it started. */
export interface ServerProcess {
  readonly pid: number
  readonly ended: Promise<Ending>
  /** Null while it runs. */
  readonly ending: Ending | null
  /** False when it is gone, or does not read what it is sent. */
  write(text: string): boolean
  /** Asks it to stop by closing its input, then by a signal, then ends it. */
  stop(): Promise<void>
}

/** Milliseconds between one way of asking to stop and the next. */
const STOP_MS = 2_000
/** Milliseconds until what a dead server wrote has been read. */
const LAST_WORDS_MS = 500
/** What a server has not read yet; one that reads nothing is as good as gone. */
const UNREAD_BYTES_MAX = 64 * 1024 * 1024

/**
 * The server begins when we say so: were we gone before anybody watches over it, it never does. What
 * remains is the server itself, under the same process id.
 */
const GATE = 'read -r begin <&3 && exec 3<&- && exec "$@"'

/** Starts a server in a process group of its own. Throws `mcp_connection_failed`. */
export async function startServer(
  { command, args, environment, cwd }: ServerCommand,
  watchdog: Watchdog,
  onOutput: (chunk: Buffer) => void,
): Promise<ServerProcess> {
  const child = spawn('/bin/sh', ['-c', GATE, 'sh', command, ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: environment,
    ...(cwd === undefined ? {} : { cwd }),
  })
  const pid = await spawned(child, command, cwd)
  const stderr = createOutputTail()
  child.stderr?.on('data', (chunk: Buffer) => stderr.add(chunk))
  child.stdout?.on('data', onOutput)
  for (const stream of child.stdio) stream?.on('error', () => {})
  let ending: Ending | null = null
  const ended = new Promise<Ending>((resolve) => {
    child.once('exit', (exitCode, signal) => {
      // What it started goes with it, and with that the last who could hold its output open.
      endGroup(pid, 'SIGKILL')
      watchdog.forget(pid)
      const settle = () => {
        clearTimeout(timer)
        ending ??= { exitCode, signal, stderr: stderr.text() }
        for (const stream of child.stdio) stream?.destroy()
        resolve(ending)
      }
      const timer = setTimeout(settle, LAST_WORDS_MS)
      child.once('close', settle)
    })
  })
  await watchdog.watch(pid)
  const gate = child.stdio[3]
  if (gate && 'end' in gate) gate.end('begin\n')

  return {
    pid,
    ended,
    get ending() {
      return ending
    },
    write(text) {
      const { stdin } = child
      if (!stdin?.writable || stdin.writableLength > UNREAD_BYTES_MAX) return false
      stdin.write(text)
      return true
    },
    async stop() {
      child.stdin?.end()
      if (await within(ended, STOP_MS)) return
      endGroup(pid, 'SIGTERM')
      if (await within(ended, STOP_MS)) return
      endGroup(pid, 'SIGKILL')
      await ended
    },
  }
}

function spawned(child: ChildProcess, command: string, cwd: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      const where = cwd === undefined ? '' : ` in ${cwd}`
      const message = `"${command}" cannot be started${where}: ${error.message}.`
      const details = { sent: false }
      reject(
        new ServiceError('unavailable', 'mcp_connection_failed', message, {
          details,
          cause: error,
        }),
      )
    })
    child.once('spawn', () => resolve(child.pid ?? 0))
  })
}

/** Everything the server started, itself included, unless it went to a group of its own. */
function endGroup(group: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-group, signal)
  } catch {
    // Nobody is left of it.
  }
}

async function within(ended: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const late = Promise.withResolvers<false>()
  const timer = setTimeout(() => late.resolve(false), milliseconds)
  const inTime = await Promise.race([ended.then(() => true), late.promise])
  clearTimeout(timer)
  return inTime
}

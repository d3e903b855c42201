import { setTimeout as sleep } from 'node:timers/promises'
import { dataDirectory, findManifest } from '@executor/local'
import type { Command } from 'commander'
import { CommandFailure } from '../failure.ts'
import { connectInstance, findRunning, isAlive } from '../instance.ts'
import { runForeground } from '../serve.ts'
import { terminal } from '../terminal.ts'

const STOP_MS_MAX = 30_000
const POLL_MS = 100

interface RunOptions {
  foreground?: boolean
  port?: string
  hostname?: string
}

export function addDaemon(program: Command): void {
  const daemon = program.command('daemon').description('The instance in the background')

  daemon
    .command('run')
    .option('--foreground', 'stay in this terminal')
    .option('--port <number>', 'where it listens')
    .option('--hostname <name>', 'the address it listens on')
    .action(async (options: RunOptions) => {
      if (options.foreground) return runForeground('cli-daemon', options)
      const client = await connectInstance({})
      terminal.out(client.origin)
    })

  daemon.command('status').action(async () => {
    const running = await findRunning()
    terminal.out(running ? `running at ${running.origin}` : 'not running')
    if (!running) process.exitCode = 1
  })

  daemon.command('stop').action(stop)

  daemon.command('restart').action(async () => {
    await stop()
    const client = await connectInstance({})
    terminal.out(client.origin)
  })
}

async function stop(): Promise<void> {
  const manifest = await findManifest(dataDirectory())
  if (!manifest || !(await findRunning())) return terminal.note('No instance is running.')
  process.kill(manifest.pid, 'SIGTERM')
  const deadline = Date.now() + STOP_MS_MAX
  while (isAlive(manifest.pid)) {
    if (Date.now() > deadline) throw new CommandFailure(`Process ${manifest.pid} does not end.`)
    await sleep(POLL_MS)
  }
  terminal.note('Stopped.')
}

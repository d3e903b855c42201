import type { Command } from 'commander'
import { CommandFailure } from '../failure.ts'
import { findRunning } from '../instance.ts'
import { runForeground } from '../serve.ts'
import { terminal } from '../terminal.ts'

interface WebOptions {
  foreground?: boolean
  port?: string
  hostname?: string
  authToken?: string
  allowedHost?: string[]
}

export function addWeb(program: Command): void {
  program
    .command('web')
    .description('Print where the console is, or run an instance in this terminal')
    .option('--foreground', 'run an instance here until Ctrl+C')
    .option('--port <number>', 'with --foreground: where it listens')
    .option('--hostname <name>', 'with --foreground: the address it listens on')
    .option('--auth-token <token>', "with --foreground: the owner's bearer")
    .option(
      '--allowed-host <name...>',
      'with --foreground: names that requests may be addressed to',
    )
    .action(async (options: WebOptions) => {
      if (options.foreground) return runForeground('foreground', options)
      const running = await findRunning()
      if (!running) {
        throw new CommandFailure(
          'No instance is running. Start one here: executor web --foreground',
        )
      }
      terminal.out(`${running.origin}/?_token=${encodeURIComponent(running.token)}`)
    })
}

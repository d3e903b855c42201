import { Command, CommanderError } from 'commander'
import { addAdd } from './commands/add.ts'
import { addCall } from './commands/call.ts'
import { addDaemon } from './commands/daemon.ts'
import { addIntegrations } from './commands/integrations.ts'
import { addResume } from './commands/resume.ts'
import { addRuns } from './commands/runs.ts'
import { addTools } from './commands/tools.ts'
import { addWeb } from './commands/web.ts'
import { CommandFailure } from './failure.ts'
import { outliveReaders, terminal } from './terminal.ts'

const program = new Command('executor')
  .description('One catalog for every tool, shared by every agent.')
  .version('0.1.0', '-v, --version')
  .exitOverride()

addWeb(program)
addAdd(program)
addCall(program)
addResume(program)
addTools(program)
addIntegrations(program)
addRuns(program)
addDaemon(program)

outliveReaders()
try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode
  else if (error instanceof CommandFailure) {
    terminal.note(error.message)
    process.exitCode = error.exitCode
  } else throw error
}

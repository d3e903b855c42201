import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { e2eConfig } from './config.ts'
import type { CommandOutput } from './form.ts'
import { ROOT } from './server-process.ts'

const COMMAND_MS_MAX = 60_000

/** What Node runs for `executor`. */
export const EXECUTOR = e2eConfig.isBundled ? 'dist/executor.mjs' : 'packages/cli/src/main.ts'

/** Runs `executor` to its end, as a person at a terminal would. */
export async function runExecutor(
  words: string[],
  env: Record<string, string>,
): Promise<CommandOutput> {
  const child = spawn(process.execPath, [EXECUTOR, ...words], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_MS_MAX,
    killSignal: 'SIGKILL',
  })
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? -1))
  })
  const [exitCode, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { exitCode, out, err }
}

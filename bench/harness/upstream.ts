import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Upstream {
  origin: string
  close(): void
}

/** Starts the API that tools call, and that descriptions are imported from. */
export async function startUpstream(): Promise<Upstream> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'upstream-process.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const killWithUs = () => child.kill('SIGKILL')
  process.once('exit', killWithUs)
  const [line] = await once(child.stdout, 'data')
  return {
    origin: `http://127.0.0.1:${String(line).trim()}`,
    close() {
      process.off('exit', killWithUs)
      killWithUs()
    },
  }
}

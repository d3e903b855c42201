import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SERVER_FILE, shareTestServers } from './testing.config.ts'

/**
 * Vitest's `globalSetup`: test files share one PostgreSQL container, started by the first that asks
 * for a database, and stopped here at the end.
 */
export function setup(): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'executor-test-servers-'))
  shareTestServers(folder)
  return async () => {
    const containerId = readContainerId(folder)
    if (containerId !== null) await promisify(execFile)('docker', ['rm', '-f', '-v', containerId])
    rmSync(folder, { recursive: true, force: true })
  }
}

function readContainerId(folder: string): string | null {
  try {
    const { containerId } = JSON.parse(readFileSync(join(folder, SERVER_FILE), 'utf8'))
    return typeof containerId === 'string' ? containerId : null
  } catch {
    // No test asked for a database.
    return null
  }
}

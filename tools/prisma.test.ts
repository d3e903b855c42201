import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

describe('tools/prisma.ts', () => {
  it('finds that every service’s migrations lead to its schema', async () => {
    const script = join(import.meta.dirname, 'prisma.ts')

    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, 'check'])

    expect(stdout + stderr).toBe('')
  })
})

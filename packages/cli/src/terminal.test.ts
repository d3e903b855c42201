import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'

const TERMINAL = new URL('./terminal.ts', import.meta.url).href

/** A command that says what `statements` say, in a process of its own. */
function command(statements: string) {
  const script = `import { outliveReaders, terminal } from '${TERMINAL}'
    outliveReaders()
    ${statements}`
  return spawn(process.execPath, ['--input-type=module', '-e', script])
}

describe('terminal', () => {
  it('lets nothing that strangers wrote move the cursor', async () => {
    const child = command(`
      terminal.out('title \\u001b[2J')
      terminal.json({ name: '\\u009b1A\\u202egnp.exe' })
      terminal.note('reason \\u0007')`)

    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])

    expect(out).toBe('title \\u001b[2J\n{\n  "name": "\\u009b1A\\u202egnp.exe"\n}\n')
    expect(err).toBe('reason \\u0007\n')
  })

  it('says no more once nobody reads', async () => {
    const child = command(`
      for (let line = 0; line < 1000; line++) terminal.out('x'.repeat(1000))
      process.exitCode = 3`)
    const err = text(child.stderr)
    child.stdout.once('data', () => child.stdout.destroy())

    const [exitCode] = await once(child, 'close')

    expect(await err).toBe('')
    expect(exitCode).toBe(3)
  })
})

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('sets nothing that this version of V8 complains about', async () => {
  const module = new URL('./runtime.ts', import.meta.url)
  const program = `const { tuneRuntime } = await import(${JSON.stringify(module)}); tuneRuntime()`

  const { stderr } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    program,
  ])

  expect(stderr).toBe('')
})

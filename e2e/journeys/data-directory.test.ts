import { findFreePort } from '@executor/bus/testing/ports'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXECUTOR, runExecutor } from '../harness/command-line.ts'
import { e2eConfig } from '../harness/config.ts'
import { type LocalForm, openLocalForm } from '../harness/local-form.ts'
import { ServerProcess } from '../harness/server-process.ts'

describe.runIf(e2eConfig.forms.includes('local'))('two starts on one data directory', () => {
  let form: LocalForm
  beforeAll(async () => {
    form = await openLocalForm()
  })
  afterAll(() => form.close())

  it('refuses the second, saying who has it and where it answers', async () => {
    const { dataDir, origin, processes } = form
    const PORT = String(await findFreePort())

    const second = await runExecutor(['web', '--foreground'], {
      HOME: dataDir,
      EXECUTOR_DATA_DIR: dataDir,
      PORT,
    })

    expect(second.exitCode).toBe(1)
    expect(second.err).toContain(String(processes[0]?.pid))
    expect(second.err).toContain(origin)
    expect(second.err.trim().split('\n').length).toBeLessThan(4)
    expect((await form.api('GET', '/api/health')).status).toBe(200)
  })

  it('lets one of many that start at once have it', async () => {
    const { dataDir } = form
    await form.processes[0]?.end('SIGKILL')
    const starts = await Promise.all(
      Array.from({ length: 4 }, async (_, index) => {
        const port = await findFreePort()
        const env = { HOME: dataDir, EXECUTOR_DATA_DIR: dataDir, PORT: String(port) }
        const healthUrl = `http://127.0.0.1:${port}/api/health`
        const args = [EXECUTOR, 'web', '--foreground']
        return new ServerProcess({ name: `start-${index}`, args, env, healthUrl })
      }),
    )

    const outcomes = await Promise.allSettled(starts.map((one) => one.start()))

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await Promise.all(starts.map((one) => one.end('SIGTERM')))
  })

  it('attaches the command line to whoever has it', async () => {
    await form.restart('SIGTERM')

    const told = await form.command('daemon', 'status')

    expect(told).toMatchObject({ exitCode: 0, out: `running at ${form.origin}\n` })
  })

  it('stops the start with one clear line where a setting is wrong', async () => {
    const bad = await runExecutor(['web', '--foreground'], { HOME: form.dataDir, PORT: 'eighty' })

    expect(bad.exitCode).toBe(1)
    expect(bad.err.trim()).toMatch(/^PORT: .+$/)
  })
})

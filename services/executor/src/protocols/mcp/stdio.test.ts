import { setTimeout as sleep } from 'node:timers/promises'
import { upstreamChanged } from '@executor/contracts'
import { describe, expect, it, vi } from 'vitest'
import {
  aTool,
  call,
  isAlive,
  openMcp,
  rawServer,
  settingsOf,
  textOf,
  toConfig,
} from './test/fixtures.ts'

describe('servers that are started', () => {
  it('keep their state across the calls of one connection, and share it with no other', async () => {
    await using mcp = openMcp()
    await using server = await rawServer()
    const settings = settingsOf(server.config)
    const count = (connection: string) =>
      call(mcp.protocol, { settings, operation: aTool('count'), connection })

    const first = await Promise.all(Array.from({ length: 5 }, () => count('main')))
    const other = await count('other')

    expect(first.map(textOf).sort()).toEqual(['1', '2', '3', '4', '5'])
    expect(textOf(other)).toBe('1')
    expect((await server.diary()).filter((line) => line === 'initialize')).toHaveLength(2)
  })

  it('get the environment that was configured and hardly anything of ours', async () => {
    await using mcp = openMcp()
    await using server = await rawServer()
    vi.stubEnv('EXECUTOR_SECRET_KEY', 'not for them')
    const config = { ...server.config, env: { SHOWN: 'yes' } }
    const authMethods = [
      {
        slug: 'env',
        kind: 'env' as const,
        placements: [{ carrier: 'env' as const, name: 'API_KEY', variable: 'API_KEY' }],
        origin: 'custom' as const,
      },
    ]
    const settings = settingsOf(config, { authMethods })
    const credential = { template: 'env', values: { API_KEY: 's3cret-value' } }

    const told = await call(mcp.protocol, { settings, operation: aTool('env'), credential })
    const missing = await call(mcp.protocol, {
      settings,
      operation: aTool('env'),
      credential: { template: 'env', values: {} },
    })

    const environment = JSON.parse(textOf(told)) as Record<string, string>
    expect(environment).toMatchObject({ SHOWN: 'yes', API_KEY: '[secret]', PATH: process.env.PATH })
    expect(Object.keys(environment).filter((name) => /EXECUTOR|VITEST|npm_/.test(name))).toEqual([])
    expect(missing.result).toMatchObject({
      ok: false,
      error: { code: 'connection_value_missing', details: { missing: ['API_KEY'] } },
    })
  })

  it('say how they ended, without secrets, and are started again when they are called', async () => {
    await using mcp = openMcp()
    await using server = await rawServer()
    const authMethods = [
      {
        slug: 'env',
        kind: 'env' as const,
        placements: [{ carrier: 'env' as const, name: 'TOKEN', variable: 'TOKEN' }],
        origin: 'custom' as const,
      },
    ]
    const settings = settingsOf(server.config, { authMethods })
    const credential = { template: 'env', values: { TOKEN: 's3cret-value' } }
    const invoke = (tool: string, readOnly = true) =>
      call(mcp.protocol, { settings, operation: aTool(tool, readOnly), credential })
    await invoke('count')

    const crashed = await invoke('crash', false)
    const after = await invoke('count')
    const again = await invoke('crash', false)
    const early = await invoke('count')

    expect(crashed.outcomeUnknown).toBe(true)
    expect(crashed.result).toMatchObject({
      ok: false,
      error: {
        code: 'mcp_connection_failed',
        message: expect.stringContaining('ended with exit code 3: out of patience'),
        details: { exitCode: 3, signal: null, stderr: 'token [secret] in hand\nout of patience' },
      },
    })
    expect(textOf(after)).toBe('1')
    expect(again.result.ok).toBe(false)
    expect(early.result).toMatchObject({
      ok: false,
      error: {
        code: 'mcp_connection_failed',
        message: expect.stringContaining('2 times in a row'),
        retryAfterMs: expect.any(Number),
      },
    })
  })

  it('that cannot be started say why', async () => {
    await using mcp = openMcp()
    const settings = settingsOf(toConfig({ command: 'no-such-program-anywhere' }))

    const { result, outcomeUnknown } = await call(mcp.protocol, {
      settings,
      operation: aTool('count', false),
    })

    expect(outcomeUnknown).toBe(false)
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'mcp_connection_failed',
        message: expect.stringContaining('not found'),
        details: { exitCode: 127 },
      },
    })
  })

  it('that end when they are asked before they are greeted are greeted at once', async () => {
    await using mcp = openMcp()
    await using server = await rawServer('touchy')

    const counted = await call(mcp.protocol, {
      settings: settingsOf(server.config),
      operation: aTool('count'),
    })

    expect(textOf(counted)).toBe('1')
    expect(await server.diary()).toEqual([
      'server/discover',
      'initialize',
      'notifications/initialized',
      'tools/call',
      'call count',
    ])
  })

  it('are told when a call is cancelled', async () => {
    await using mcp = openMcp()
    await using server = await rawServer()
    const settings = settingsOf(server.config)
    const cancelled = new AbortController()
    const waiting = call(mcp.protocol, {
      settings,
      operation: aTool('wait', false),
      signal: cancelled.signal,
    })
    await vi.waitFor(async () => expect(await server.diary()).toContain('tools/call'), 10_000)

    cancelled.abort('cancelled')
    const { result, outcomeUnknown } = await waiting

    expect(outcomeUnknown).toBe(true)
    expect(result).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    await vi.waitFor(
      async () => expect(await server.diary()).toContain('notifications/cancelled'),
      10_000,
    )
  })

  it('may write what is no message, but not without end', async () => {
    await using mcp = openMcp()
    await using server = await rawServer()
    const settings = settingsOf(server.config)

    const garbage = await call(mcp.protocol, { settings, operation: aTool('garbage') })
    const huge = await call(mcp.protocol, { settings, operation: aTool('huge', false) })

    expect(textOf(garbage)).toBe('after all')
    expect(huge.result).toMatchObject({ ok: false, error: { code: 'mcp_connection_failed' } })
  })

  it('are followed when their tools change', async () => {
    await using mcp = openMcp()
    await using server = await rawServer()
    const heard: object[] = []
    await mcp.bus.subscribe(upstreamChanged, (change) => heard.push(change))

    await call(mcp.protocol, { settings: settingsOf(server.config), operation: aTool('grow') })

    await vi.waitFor(() => expect(heard).toHaveLength(1), 10_000)
    expect(heard[0]).toEqual({
      tenant: 'acme',
      integration: 'things',
      owner: 'org',
      subject: '',
      connection: 'main',
    })
  })

  it('take what they started along when they are gone', async () => {
    await using server = await rawServer()
    let pids: number[] = []
    {
      await using mcp = openMcp()
      const settings = settingsOf(server.config)
      const own = await call(mcp.protocol, { settings, operation: aTool('pid') })
      const child = await call(mcp.protocol, { settings, operation: aTool('child') })
      pids = [own, child].map((answer) => Number(textOf(answer)))
      expect(pids.map(isAlive)).toEqual([true, true])
    }

    await sleep(100)
    expect(pids.map(isAlive)).toEqual([false, false])
  })

  it('are replaced when the credential of their connection changes', async () => {
    await using mcp = openMcp()
    await using server = await rawServer()
    const settings = settingsOf(server.config)
    const pid = (consent: string) =>
      call(mcp.protocol, { settings, operation: aTool('pid'), consent }).then(textOf)

    const [first, second] = [await pid('1'), await pid('2')]

    expect(second).not.toBe(first)
    await vi.waitFor(() => expect(isAlive(Number(first))).toBe(false), 10_000)
  })

  it('are refused where none may be started', async () => {
    await using mcp = openMcp({ isStdioAllowed: false })
    await using server = await rawServer()

    const { result } = await call(mcp.protocol, {
      settings: settingsOf(server.config),
      operation: aTool('count'),
    })

    expect(result).toMatchObject({ ok: false, error: { code: 'mcp_stdio_disabled' } })
  })

  it('fail in their own words', async () => {
    await using mcp = openMcp()
    await using server = await rawServer()
    const settings = settingsOf(server.config)

    const failed = await call(mcp.protocol, { settings, operation: aTool('fail') })
    const unknown = await call(mcp.protocol, { settings, operation: aTool('nothing') })

    expect(failed.result).toEqual({
      ok: false,
      error: {
        code: 'mcp_tool_error',
        message: 'it did not work',
        details: { content: [{ type: 'text', text: 'it did not work' }], isError: true },
        retryable: false,
      },
    })
    expect(unknown.result).toMatchObject({ ok: false, error: { code: 'mcp_tool_unknown' } })
  })

  it('ask whoever is calling', async () => {
    await using mcp = openMcp()
    await using server = await rawServer()
    const settings = settingsOf(server.config)
    const asked: object[] = []
    const ask = async (question: object) => {
      asked.push(question)
      return { action: 'accept' as const, content: { colour: 'blue' } }
    }

    const answered = await call(mcp.protocol, { settings, operation: aTool('ask'), ask })
    const nobody = await call(mcp.protocol, { settings, operation: aTool('ask') })

    expect(asked).toMatchObject([{ kind: 'form', message: 'Which colour?' }])
    expect(JSON.parse(textOf(answered))).toEqual({ action: 'accept', content: { colour: 'blue' } })
    expect(JSON.parse(textOf(nobody))).toEqual({ action: 'cancel' })
  })

  it('ask a run whose calls are all that is under way, and nobody beside calls of another', async () => {
    await using mcp = openMcp()
    await using server = await rawServer()
    const settings = settingsOf(server.config)
    const blue = { action: 'accept' as const, content: { colour: 'blue' } }
    const asks = (run: string, operation = aTool('ask')) =>
      call(mcp.protocol, { settings, operation, run, ask: async () => blue }).then(
        (answer) => JSON.parse(textOf(answer)) as unknown,
      )
    const left = new AbortController()

    const own = await Promise.all([asks('mine'), asks('mine'), asks('mine')])
    const other = call(mcp.protocol, {
      settings,
      operation: aTool('wait'),
      ask: async () => blue,
      signal: left.signal,
    })
    await vi.waitFor(async () => expect(await server.called('wait')).toBe(1), 10_000)
    const ambiguous = await asks('mine')
    left.abort('cancelled')
    await other
    const late = await asks('mine')

    expect(own).toEqual([blue, blue, blue])
    expect(ambiguous).toEqual({ action: 'cancel' })
    // What was left a moment ago may still be what the server asks for.
    expect(late).toEqual({ action: 'cancel' })
    const account = { tenant: 'acme', integration: 'things', owner: 'org', connection: 'main' }
    const dropped = { ...account, kind: 'form', calls: 2 }
    expect(mcp.warned).toEqual([dropped, dropped])
  })

  it('are given what a model answered, or told that none was let', async () => {
    await using mcp = openMcp()
    await using server = await rawServer()
    const settings = settingsOf(server.config)
    const content = { role: 'assistant', model: 'm', content: { type: 'text', text: 'hello' } }
    const sample = (action: 'accept' | 'decline') =>
      call(mcp.protocol, {
        settings,
        operation: aTool('sample'),
        ask: async () => (action === 'accept' ? { action, content } : { action, reason: 'No.' }),
      }).then((answer) => JSON.parse(textOf(answer)))

    expect(await sample('accept')).toEqual(content)
    expect(await sample('decline')).toMatchObject({ error: { code: -1, message: /No\./ } })
  })
})

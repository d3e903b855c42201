import { setTimeout as sleep } from 'node:timers/promises'
import { upstreamChanged } from '@executor/contracts'
import { describe, expect, it, vi } from 'vitest'
import {
  aTool,
  call,
  egress,
  isAlive,
  openMcp,
  rawServer,
  settingsOf,
  textOf,
  toConfig,
} from './test/fixtures.ts'
import { startServer } from './test/http-server.ts'

const IDLE_MS = 300
const ACCESS = {
  connection: { owner: 'org' as const, name: 'main' },
  credential: { template: 'none', values: {} },
  account: { tenant: 'acme', subject: '', consent: '1' },
  egress,
}

/** The news that the tools of a server may have changed. */
async function listen({ bus }: ReturnType<typeof openMcp>): Promise<object[]> {
  const heard: object[] = []
  await bus.subscribe(upstreamChanged, (change) => heard.push(change))
  return heard
}

describe('sessions', () => {
  it('end a server that nobody has called for a while, and start it when it is called', async () => {
    await using mcp = openMcp({ idleMs: IDLE_MS })
    await using server = await rawServer()
    const pid = () =>
      call(mcp.protocol, { settings: settingsOf(server.config), operation: aTool('pid') }).then(
        textOf,
      )

    const [first, again] = [await pid(), await pid()]
    expect(again).toBe(first)
    await vi.waitFor(() => expect(isAlive(Number(first))).toBe(false), 10_000)

    expect(await pid()).not.toBe(first)
  })

  it('say goodbye to a server over HTTP that nobody has called for a while', async () => {
    await using mcp = openMcp({ idleMs: IDLE_MS })
    await using server = await startServer()
    const settings = settingsOf(toConfig({ endpoint: server.endpoint }))

    await call(mcp.protocol, { settings, operation: aTool('a') })
    expect(server.goodbyes()).toEqual([])

    await vi.waitFor(() => expect(server.goodbyes()).toEqual(['session-1']), 10_000)
    const later = await call(mcp.protocol, { settings, operation: aTool('a') })
    expect(textOf(later)).toBe('session-2')
  })

  it('are not kept open by looking at what a server offers', async () => {
    await using mcp = openMcp({ idleMs: IDLE_MS })
    await using server = await startServer()
    const config = toConfig({ endpoint: server.endpoint })
    const { signal } = new AbortController()
    const settings = settingsOf({ ask: 'offer', server: config })
    const look = () => mcp.protocol.discover?.({ ...ACCESS, settings, signal })

    for (
      const until = Date.now() + 10_000;
      server.goodbyes().length === 0;
      await sleep(IDLE_MS / 5)
    ) {
      expect(Date.now()).toBeLessThan(until)
      await look()
    }

    expect(server.goodbyes()).toEqual(['session-1'])
  })

  it('last as long as a call does', async () => {
    await using mcp = openMcp({ idleMs: 50 })
    await using server = await rawServer()
    const settings = settingsOf(server.config)
    const pid = Number(textOf(await call(mcp.protocol, { settings, operation: aTool('pid') })))
    const cancelled = new AbortController()
    const { signal } = cancelled
    const waiting = call(mcp.protocol, { settings, operation: aTool('wait'), signal })

    await vi.waitFor(async () => expect(await server.called('wait')).toBe(1), 10_000)
    await sleep(200)
    expect(isAlive(pid)).toBe(true)

    cancelled.abort('cancelled')
    await waiting
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000)
  })

  it('make room by ending the one that waited longest, never one that is used', async () => {
    await using mcp = openMcp({ sessionsMax: 2 })
    await using server = await startServer(({ rpc, headers }) => {
      return rpc === 'tools/call' && headers['x-hang'] !== undefined
    })
    const plain = settingsOf(toConfig({ endpoint: server.endpoint }))
    const hanging = settingsOf(toConfig({ endpoint: server.endpoint, headers: { 'x-hang': '1' } }))
    const invoke = (connection: string, settings = plain, signal?: AbortSignal) =>
      call(mcp.protocol, {
        settings,
        operation: aTool('a'),
        connection,
        ...(signal ? { signal } : {}),
      })
    const cancelled = new AbortController()

    const one = await invoke('one')
    await invoke('two')
    await invoke('three')
    await vi.waitFor(() => expect(server.goodbyes()).toEqual([textOf(one)]), 10_000)

    const busy = ['four', 'five'].map((name) => invoke(name, hanging, cancelled.signal))
    await vi.waitFor(() => expect(server.count('tools/call')).toBe(5), 10_000)
    const full = await invoke('six')
    cancelled.abort('cancelled')
    await Promise.all(busy)
    const after = await invoke('six')

    expect(full.result).toMatchObject({
      ok: false,
      error: { code: 'mcp_connection_failed', message: expect.stringContaining('2 MCP servers') },
    })
    expect(after.result.ok).toBe(true)
  })

  it('that a server forgot may mean that it came back as another', async () => {
    await using mcp = openMcp()
    await using server = await startServer()
    const heard = await listen(mcp)
    const settings = settingsOf(toConfig({ endpoint: server.endpoint }))
    await call(mcp.protocol, { settings, operation: aTool('a') })
    await vi.waitFor(() => expect(heard).toHaveLength(1), 10_000)

    server.forgetSessions()
    await call(mcp.protocol, { settings, operation: aTool('a') })

    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(1), 10_000)
  })

  it('that a server forgot do not keep it from being looked at', async () => {
    await using mcp = openMcp()
    await using server = await startServer()
    const config = toConfig({ endpoint: server.endpoint })
    const { signal } = new AbortController()
    const settings = settingsOf({ ask: 'offer', server: config })
    const look = () => mcp.protocol.discover?.({ ...ACCESS, settings, signal })
    expect(await look()).toMatchObject({ status: 'connected' })

    server.forgetSessions()

    expect(await look()).toMatchObject({ status: 'connected' })
  })

  it('that are opened for a call tell that nobody listened until then', async () => {
    await using mcp = openMcp()
    await using server = await startServer()
    const heard = await listen(mcp)
    const settings = settingsOf(toConfig({ endpoint: server.endpoint }))

    await call(mcp.protocol, { settings, operation: aTool('a') })
    await call(mcp.protocol, { settings, operation: aTool('a') })
    await call(mcp.protocol, { settings, operation: aTool('a'), connection: 'other' })

    await vi.waitFor(() => expect(heard).toHaveLength(2), 10_000)
    expect(heard).toMatchObject([{ connection: 'main' }, { connection: 'other' }])
  })
})

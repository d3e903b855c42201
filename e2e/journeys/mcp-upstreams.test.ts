import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ToolResult } from '@executor/contracts'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { bridgeToHttp } from '../harness/bridge.ts'
import { forms } from '../harness/forms.ts'
import {
  connectDirectly,
  EVERYTHING,
  FILESYSTEM,
  findProcesses,
  type HttpServer,
  startEverything,
  type Upstream,
} from '../harness/mcp-servers.ts'
import { useStage } from '../harness/stage.ts'
import { addRule, connect, invoke, succeed } from '../harness/steps.ts'
import { eventually } from '../harness/waiting.ts'

/** What each tool of the example server is called with; the others take nothing. */
const ARGUMENTS: Record<string, Record<string, unknown>> = {
  echo: { message: 'hällo' },
  'get-annotated-message': { messageType: 'success', includeImage: true },
  'get-resource-links': { count: 4 },
  'get-resource-reference': { resourceType: 'Blob', resourceId: 3 },
  'get-structured-content': { location: 'Chicago' },
  'get-sum': { a: 0.1, b: 41 },
  'gzip-file-as-resource': {
    name: 'hello.gz',
    data: 'data:text/plain;base64,SGVsbG8=',
    outputType: 'resource',
  },
  'trigger-long-running-operation': { duration: 1, steps: 2 },
  'simulate-research-query': { topic: 'rain' },
}
const PROMPT_ARGUMENTS: Record<string, Record<string, string>> = {
  'args-prompt': { city: 'Ulm', state: 'BW' },
  'completable-prompt': { department: 'Sales', name: 'Eve' },
  'resource-prompt': { resourceType: 'Text', resourceId: '7' },
}

describe.each(forms)('MCP servers as sources on the $name form', ({ name: formName, open }) => {
  const stage = useStage(open)
  const servers: { streamable?: HttpServer; sse?: HttpServer } = {}
  const direct: Client[] = []

  beforeAll(async () => {
    servers.streamable = await startEverything('streamableHttp')
    servers.sse = await startEverything('sse')
  })
  afterAll(async () => {
    await Promise.all(direct.map((client) => client.close()))
    await servers.streamable?.close()
    await servers.sse?.close()
  })

  async function pair(slug: string, upstream: Upstream) {
    const way =
      'command' in upstream
        ? { transport: 'stdio', command: upstream.command, args: upstream.args }
        : { transport: 'remote', endpoint: upstream.url }
    await succeed(stage.form, 'POST', '/api/mcp/servers', { ...way, slug, name: slug })
    if (!('command' in upstream))
      await connect(stage.form, { integration: slug, name: 'default', template: 'none' })
    await addRule(stage.form, `${slug}.*`, 'approve')
    const client = await connectDirectly(upstream)
    direct.push(client)
    const through = async (tool: string, args: object = {}) => {
      const { body } = await invoke(stage.form, `${slug}.org.default.${tool}`, args)
      return body as ToolResult
    }
    return { client, through }
  }

  const everything = [
    ...(formName === 'local'
      ? [{ way: 'stdio', upstream: () => ({ command: process.execPath, args: [EVERYTHING] }) }]
      : []),
    {
      way: 'streamable HTTP',
      upstream: () => ({ url: servers.streamable?.url ?? '', way: 'streamable-http' as const }),
    },
    { way: 'SSE', upstream: () => ({ url: servers.sse?.url ?? '', way: 'sse' as const }) },
  ]

  it.each(everything)(
    'gives everything a server over $way has, as a direct client gets it',
    async ({ way, upstream }) => {
      const slug = `everything_${way.replace(/\W+/g, '_').toLowerCase()}`
      const { client, through } = await pair(slug, upstream())
      const { tools } = await client.listTools()
      expect(tools.length).toBeGreaterThan(10)

      // Before tools make more of them: over HTTP both clients talk to one process.
      const { resources } = await client.listResources()
      expect(await through('resources.list')).toEqual({ ok: true, data: { resources } })

      for (const { name, inputSchema, outputSchema } of tools) {
        const args = ARGUMENTS[name] ?? {}
        const tool = name.replaceAll('-', '_')
        const described = await stage.form.api(
          'GET',
          `/api/tools/schema?address=tools.${slug}.org.default.${tool}`,
        )
        expect(described.body).toMatchObject({
          inputSchema,
          outputSchema: {
            properties: outputSchema ? { structuredContent: outputSchema } : { content: {} },
          },
        })
        const expected = await client.callTool({ name, arguments: args })
        const result = await through(tool, args)
        if (name === 'get-env' && way === 'stdio') continue
        expect({ name, data: timeless(result.ok ? result.data : result.error.details) }).toEqual({
          name,
          data: timeless(expected),
        })
        expect(result.ok).toBe(expected.isError !== true)
      }

      const uris = [
        ...resources.map(({ uri }) => uri),
        'demo://resource/dynamic/text/5',
        'demo://resource/dynamic/blob/6',
      ]
      for (const uri of uris) {
        const read = await through('resources.read', { uri })
        expect(timeless(read)).toEqual({
          ok: true,
          data: timeless(await client.readResource({ uri })),
        })
      }
      const { resourceTemplates } = await client.listResourceTemplates()
      expect(await through('resources.templates')).toEqual({
        ok: true,
        data: { resourceTemplates },
      })

      const { prompts } = await client.listPrompts()
      expect(await through('prompts.list')).toEqual({ ok: true, data: { prompts } })
      for (const { name } of prompts) {
        const asked = { name, arguments: PROMPT_ARGUMENTS[name] ?? {} }
        const prompt = await through('prompts.get', asked)
        expect(timeless(prompt)).toEqual({
          ok: true,
          data: timeless(await client.getPrompt(asked)),
        })
      }
      const completion = {
        ref: { type: 'ref/prompt' as const, name: 'completable-prompt' },
        argument: { name: 'name', value: '' },
        context: { arguments: { department: 'Sales' } },
      }
      expect(await through('completions.complete', completion)).toEqual({
        ok: true,
        data: await client.complete(completion),
      })
    },
  )

  const filesystem = [
    ...(formName === 'local'
      ? [{ way: 'stdio', serve: async (args: string[]) => ({ command: process.execPath, args }) }]
      : []),
    {
      way: 'HTTP',
      async serve(args: string[]) {
        const bridge = await bridgeToHttp(process.execPath, args)
        onTestFinished(() => bridge.close())
        return { url: bridge.url, way: 'streamable-http' as const }
      },
    },
  ]

  it.each(filesystem)('reads and writes files over $way as a direct client does', async (files) => {
    const folder = await mkdtemp(join(tmpdir(), 'executor-e2e-files-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await mkdir(join(folder, 'inner'))
    await writeFile(join(folder, 'inner', 'a.txt'), 'one\ntwo\n')
    await writeFile(join(folder, 'pixel.png'), Buffer.from('89504e470d0a1a0a', 'hex'))
    const slug = `files_${files.way.toLowerCase()}`
    const { client, through } = await pair(slug, await files.serve([FILESYSTEM, folder]))
    const { tools } = await client.listTools()
    const inner = join(folder, 'inner')
    const file = join(inner, 'a.txt')
    const calls: [string, Record<string, unknown>][] = [
      ['read_file', { path: file }],
      ['read_text_file', { path: file, head: 1 }],
      ['read_media_file', { path: join(folder, 'pixel.png') }],
      ['read_multiple_files', { paths: [file, join(inner, 'none')] }],
      ['write_file', { path: join(inner, 'b.txt'), content: 'x' }],
      ['edit_file', { path: file, edits: [{ oldText: 'one', newText: 'one' }], dryRun: true }],
      ['create_directory', { path: join(inner, 'new') }],
      ['list_directory', { path: inner }],
      ['list_directory_with_sizes', { path: inner }],
      ['directory_tree', { path: folder }],
      ['search_files', { path: folder, pattern: '**/*.txt' }],
      ['get_file_info', { path: file }],
      ['list_allowed_directories', {}],
      ['read_file', { path: '/etc/passwd' }],
      ['move_file', { source: join(inner, 'none'), destination: join(inner, 'c') }],
    ]
    expect(new Set(calls.map(([name]) => name))).toEqual(new Set(tools.map(({ name }) => name)))

    for (const [name, args] of calls) {
      const expected = await client.callTool({ name, arguments: args })
      const result = await through(name, args)
      expect({ name, data: result.ok ? result.data : result.error.details }).toEqual({
        name,
        data: expected,
      })
    }
  })

  it.runIf(formName === 'local').each(['SIGKILL', 'SIGTERM'] as const)(
    'leaves no process behind when it ends by %s',
    async (signal) => {
      const { form } = stage
      const slug = `left_by_${signal.toLowerCase()}`
      const args = [EVERYTHING, 'stdio', slug]
      await succeed(form, 'POST', '/api/mcp/servers', {
        transport: 'stdio',
        command: process.execPath,
        args,
        slug,
      })
      const called = await invoke(form, `${slug}.org.default.echo`, { message: 'here' })
      const running = await findProcesses(slug)
      expect(called.body).toMatchObject({ ok: true })
      expect(running).not.toEqual([])

      await form.restart(signal)

      await eventually('its servers are gone', async () => {
        const left = await findProcesses(slug)
        return running.every((pid) => !left.includes(pid))
      })
      const again = await invoke(form, `${slug}.org.default.echo`, { message: 'again' })
      expect(again.body).toMatchObject({ ok: true })
    },
  )

  it.runIf(formName === 'cluster')('starts no process where strangers come in', async () => {
    const reply = await stage.form.api('POST', '/api/mcp/servers', {
      transport: 'stdio',
      name: 'program',
      command: process.execPath,
      args: [EVERYTHING],
    })

    expect(reply).toMatchObject({ status: 409, body: { reason: 'mcp_stdio_disabled' } })
  })
})

/** Servers tell the time, and whose session it is. */
function timeless(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replace(/\d{1,2}:\d\d:\d\d\s?(?:[AP]M)?/g, 'TIME')
    .replace(/for session [\w-]+/g, 'for session X')
    .replace(/"blob":"UmVzb3VyY2[^"]*"/g, '"blob":"BLOB"')
  return JSON.parse(text)
}

import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Form } from '../harness/form.ts'
import { forms } from '../harness/forms.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, connect, invoke, succeed } from '../harness/steps.ts'

/** Nothing a stranger sends keeps an import busy for longer. */
const REFUSAL_MS_MAX = 30_000
/** More than a busy machine keeps one request waiting; how fast others stay, the benchmarks tell. */
const OTHERS_MS_MAX = 10_000
const MIB = 1024 * 1024

const document = (paths: string, rest = '') =>
  `{"openapi": "3.1.0", "info": {"title": "Hostile", "version": "1"}, "paths": ${paths}${rest}}`
const bomb = (levels: number) =>
  Array.from({ length: levels }, (_, level) => {
    const item = level === 0 ? '"lol"' : `*a${level - 1}`
    return `a${level}: &a${level} [${Array.from({ length: 10 }, () => item).join(', ')}]`
  }).join('\n')

const refused: [name: string, text: () => string][] = [
  ['nothing', () => ''],
  ['a number', () => '42'],
  ['a list', () => '[]'],
  ['broken JSON', () => '{"openapi": "3.1.0", "paths": {'],
  ['broken YAML', () => 'openapi: 3.1.0\npaths: [a, b\n\t- c: {'],
  ['a web page', () => '<!doctype html><html><body>Sign in</body></html>'],
  ['JSON that describes no API', () => '{"hello": "world"}'],
  ['thousands of nested lists', () => '['.repeat(200_000)],
  [
    'thousands of nested schemas',
    () => {
      const schema = `${'{"items":'.repeat(20_000)}{}${'}'.repeat(20_000)}`
      const body = `{"content": {"application/json": {"schema": ${schema}}}}`
      return document(`{"/a": {"put": {"requestBody": ${body}}}}`)
    },
  ],
  ['a YAML bomb', () => `openapi: 3.1.0\n${bomb(12)}\npaths:\n  x: *a11`],
]

const tolerated: [name: string, text: () => string][] = [
  [
    'references in circles',
    () =>
      document(
        '{"/a": {"get": {"operationId": "a", "parameters": [{"$ref": "#/components/parameters/p"}], "responses": {"200": {"$ref": "#/components/responses/r"}}}}, "/b": {"$ref": "#/paths/~1b"}}',
        ', "components": {"parameters": {"p": {"$ref": "#/components/parameters/p"}}, "responses": {"r": {"description": "r", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/s"}}}}}, "schemas": {"s": {"allOf": [{"$ref": "#/components/schemas/s"}]}}}',
      ),
  ],
  [
    'names that reach for prototypes',
    () =>
      document(
        '{"/__proto__": {"get": {"operationId": "__proto__", "tags": ["constructor"], "parameters": [{"in": "query", "name": "__proto__", "schema": {"$ref": "#/components/schemas/__proto__"}}], "responses": {}}}, "__proto__": {"get": {"polluted": true}}}',
        ', "components": {"schemas": {"__proto__": {"type": "object", "properties": {"__proto__": {"type": "string"}, "toString": {"type": "string"}}}}}',
      ),
  ],
]

describe.each(forms)('hostile documents on the $name form', ({ open }) => {
  const stage = useStage(open)
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it.each(refused)(
    'refuses %s by paste and by URL, while others are served',
    async (name, make) => {
      const { form, upstream } = stage
      const value = make()
      const url = upstream.publish('/hostile', { type: 'application/json', body: value })

      const slowest = await whileOthersAsk(form, async () => {
        for (const spec of [
          { kind: 'blob', value },
          { kind: 'url', url },
        ]) {
          const signal = AbortSignal.timeout(REFUSAL_MS_MAX)
          const reply = await form.api(
            'POST',
            '/api/openapi/specs',
            { spec, slug: 'bad' },
            { signal },
          )
          expect(reply, `${name}: ${reply.text}`).toMatchObject({
            status: 400,
            body: { message: expect.stringMatching(/^.{10,2000}$/s) },
          })
        }
      })

      expect(slowest).toBeLessThan(OTHERS_MS_MAX)
      expect((await form.api('GET', '/api/integrations/bad')).status).toBe(404)
    },
  )

  it.each(tolerated)('reads around %s, and is none the worse for it', async (_, make) => {
    const { form } = stage
    const spec = { kind: 'blob', value: make() }

    const added = await form.api('POST', '/api/openapi/specs', { spec, slug: 'odd' })
    await connect(form, { integration: 'odd', name: 'main', template: 'none' })
    const tools = (await succeed(form, 'GET', '/api/tools?integration=odd')).body as {
      address: string
    }[]
    for (const { address } of tools) {
      const query = new URLSearchParams({ address })
      expect((await form.api('GET', `/api/tools/schema?${query}`)).status).toBe(200)
    }

    expect(added, added.text).toMatchObject({ status: 200 })
    expect(tools.length).toBeGreaterThan(0)
    await succeed(form, 'DELETE', '/api/integrations/odd')
    const health = await form.api('GET', '/api/health')
    expect(health.body).not.toHaveProperty('polluted')
  })

  it('refuses a document that is too long, pasted or downloaded, in little memory', async () => {
    const { form, upstream } = stage
    const url = upstream.publish('/huge', {
      type: 'application/json',
      body(response) {
        const piece = Buffer.alloc(MIB, ' ')
        response.write('{"openapi": "3.1.0", "x": "')
        for (let written = 0; written < 100; written++) response.write(piece)
        response.end('"}')
      },
    })
    const before = memoryOf(form)

    const slowest = await whileOthersAsk(form, async () => {
      const pasted = await form.api('POST', '/api/openapi/specs', {
        spec: { kind: 'blob', value: 'x'.repeat(61 * MIB) },
        slug: 'bad',
      })
      const downloaded = await form.api('POST', '/api/openapi/specs', {
        spec: { kind: 'url', url },
        slug: 'bad',
      })
      expect(pasted.status).toBe(413)
      expect([400, 413], downloaded.text).toContain(downloaded.status)
    })

    expect(slowest).toBeLessThan(OTHERS_MS_MAX)
    expect(memoryOf(form) - before).toBeLessThan(300 * MIB)
  })
})

/** Milliseconds that the slowest request of somebody else took meanwhile. */
async function whileOthersAsk(form: Form, work: () => Promise<void>): Promise<number> {
  let isOver = false
  const working = work().finally(() => {
    isOver = true
  })
  // Awaited below; until then a failure of it is no news.
  working.catch(() => {})
  let slowest = 0
  while (!isOver) {
    const began = performance.now()
    const reply = await invoke(form, 'ledger.org.main.items.readItem', { id: '1' })
    expect(reply.body).toMatchObject({ ok: true })
    slowest = Math.max(slowest, performance.now() - began)
    await sleep(5)
  }
  await working
  return slowest
}

function memoryOf({ processes }: Form): number {
  return processes.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0)
}

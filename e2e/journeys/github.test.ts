import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SearchPage } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { forms } from '../harness/forms.ts'
import { ROOT } from '../harness/server-process.ts'
import { useStage } from '../harness/stage.ts'
import { connect, invoke, succeed } from '../harness/steps.ts'

const DOCUMENT = join(ROOT, 'node_modules/@octokit/openapi/generated/api.github.com.json')
const OPERATIONS = 1_223

describe.each(forms)("GitHub's whole description on the $name form", ({ open }) => {
  const stage = useStage(open)

  it.each(['by URL', 'by paste'])('imports %s, every operation a tool', async (how) => {
    const { form, upstream } = stage
    const slug = how === 'by URL' ? 'github' : 'pasted'
    const text = readFileSync(DOCUMENT, 'utf8')
    const url = upstream.publish('/github.json', { type: 'application/json', body: text })
    const spec = how === 'by URL' ? { kind: 'url', url } : { kind: 'blob', value: text }

    const added = await form.api('POST', '/api/openapi/specs', {
      spec,
      slug,
      baseUrl: upstream.origin,
      authenticationTemplate: [
        {
          type: 'apiKey',
          slug: 'token',
          headers: { Authorization: ['Bearer ', { type: 'variable', name: 'token' }] },
        },
      ],
    })
    await connect(form, { integration: slug, name: 'work', template: 'token', value: 'gh-secret' })
    const listed = await succeed(form, 'GET', `/api/tools?integration=${slug}`)

    expect(added).toMatchObject({ status: 200, body: { slug, toolCount: OPERATIONS } })
    expect(listed.body).toHaveLength(OPERATIONS)
  })

  it('finds the right tool first', async () => {
    const query = 'query=create%20an%20issue&namespace=github'

    const found = await stage.form.api('GET', `/api/tools/search?${query}`)
    const told = await stage.form.command(
      'tools',
      'search',
      'create an issue',
      '--namespace',
      'github',
    )

    expect((found.body as SearchPage).items[0]?.path).toBe('github.org.work.issues.create')
    expect(told.out.split(/\s/)[0]).toBe('github.org.work.issues.create')
  })

  it('describes a tool and calls it, everything where GitHub expects it', async () => {
    const { form, upstream } = stage
    const address = 'tools.github.org.work.issues.listForRepo'
    upstream.publish('/repos/octo/hello/issues', {
      type: 'application/json',
      body: '[{"number": 1, "title": "First"}]',
    })

    const described = await form.api('GET', `/api/tools/schema?address=${address}`)
    const called = await invoke(form, address, {
      owner: 'octo',
      repo: 'hello',
      state: 'open',
      labels: 'bug,ui',
      per_page: 5,
    })

    expect(described.body).toMatchObject({
      inputSchema: { required: ['owner', 'repo'] },
      inputTypeScript: expect.stringContaining('owner: string'),
      outputTypeScript: expect.stringContaining('Issue'),
      errorTypeScript: expect.stringContaining('{ status: 422; details: ValidationError }'),
      typeScriptDefinitions: { ValidationError: expect.stringContaining('message: string') },
    })
    expect(called.body).toMatchObject({ ok: true, data: [{ number: 1, title: 'First' }] })
    const wire = upstream.ledger.at(-1)
    expect(wire).toMatchObject({
      method: 'GET',
      path: '/repos/octo/hello/issues',
      headers: { authorization: 'Bearer gh-secret' },
    })
    expect(Object.fromEntries(new URLSearchParams(wire?.query))).toEqual({
      state: 'open',
      labels: 'bug,ui',
      per_page: '5',
    })
  })

  it('updates in place, says what came and went, and keeps the connection', async () => {
    const { form } = stage
    const document = JSON.parse(readFileSync(DOCUMENT, 'utf8'))
    delete document.paths['/zen']
    document.paths['/koan'] = {
      get: { operationId: 'meta/koan', tags: ['meta'], responses: { 200: { description: 'ok' } } },
    }

    const updated = await form.api('POST', '/api/openapi/integrations/github/spec', {
      spec: { kind: 'blob', value: JSON.stringify(document) },
    })

    expect(updated.body).toMatchObject({
      toolCount: OPERATIONS,
      addedTools: ['meta.koan'],
      removedTools: ['meta.getZen'],
    })
    const found = await succeed(form, 'GET', '/api/tools/schema?address=github.org.work.meta.koan')
    expect(found.body).toMatchObject({ name: 'meta.koan' })
  })

  it('reads a pasted document again with other overrides, without another paste', async () => {
    const { form } = stage
    const read = (body: object) =>
      succeed(form, 'POST', '/api/openapi/integrations/pasted/spec', body)

    const without = await read({ specOverrides: [{ op: 'remove', path: '/paths/~1zen' }] })
    const again = await read({})
    const whole = await read({ specOverrides: [] })

    expect(without.body).toMatchObject({
      toolCount: OPERATIONS - 1,
      addedTools: [],
      removedTools: ['meta.getZen'],
    })
    expect(again.body).toMatchObject({ addedTools: [], removedTools: [], changedTools: [] })
    expect(whole.body).toMatchObject({ toolCount: OPERATIONS, addedTools: ['meta.getZen'] })
  })
})

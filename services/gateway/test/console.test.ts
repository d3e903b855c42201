import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Harness, startGateway } from './harness.ts'

const INLINE = 'start({ base: "" })'
const INDEX = `<!doctype html><script>${INLINE}</script><script type="module" src="/_app/immutable/start.js"></script>`
const page = { as: null, headers: { accept: 'text/html,*/*' } }

let gateway: Harness
let webRoot: string
beforeEach(async () => {
  webRoot = await mkdtemp(join(tmpdir(), 'console-'))
})
afterEach(async () => {
  await gateway.close()
  await rm(webRoot, { recursive: true })
})

async function build(): Promise<void> {
  await mkdir(join(webRoot, '_app/immutable'), { recursive: true })
  await writeFile(join(webRoot, 'index.html'), INDEX)
  await writeFile(join(webRoot, '_app/immutable/start.js'), 'export {}')
  await writeFile(join(webRoot, 'favicon.svg'), '<svg/>')
  await writeFile(join(webRoot, '.env'), 'SECRET=1')
}

/** Sends a path as it is: `fetch` would resolve its dots. */
async function askRaw(path: string): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>()
  const sent = request({ host: '127.0.0.1', port: gateway.port, path }, async (response) => {
    resolve({ status: response.statusCode ?? 0, body: await text(response) })
  })
  sent.on('error', reject).end()
  return promise
}

describe('the console', () => {
  it.each(['/', '/integrations/petstore', '/resume/run_1'])('is shown at %s', async (path) => {
    await build()
    gateway = await startGateway({}, { webRoot })

    const response = await gateway.ask(path, page)

    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(await response.text()).toBe(INDEX)
  })

  it('runs its own scripts and no other, in no frame', async () => {
    await build()
    gateway = await startGateway({}, { webRoot })
    const hash = createHash('sha256').update(INLINE).digest('base64')

    const { headers } = await gateway.ask('/', page)

    const policy = headers.get('content-security-policy')
    expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  it('has files that are kept for good where their name says what they hold', async () => {
    await build()
    gateway = await startGateway({}, { webRoot })

    const hashed = await gateway.ask('/_app/immutable/start.js', { as: null })
    const plain = await gateway.ask('/favicon.svg', { as: null })

    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(hashed.headers.get('content-type')).toContain('javascript')
    expect(plain.headers.get('cache-control')).toBe('no-cache')
  })

  it.each([
    '/_app/immutable/gone.js',
    '/_app/',
    '/.env',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/_app/..%5c..%5cindex.html',
    '/api/gone',
    '/.well-known/oauth-authorization-server',
  ])('has nothing at %s', async (path) => {
    await build()
    gateway = await startGateway({}, { webRoot })

    const { status, body } = await askRaw(path)

    expect(status).toBe(404)
    expect(JSON.parse(body)).toMatchObject({ _tag: 'NotFoundError' })
  })

  it('says how to build it where it was not built', async () => {
    gateway = await startGateway({}, { webRoot })

    const response = await gateway.ask('/', page)

    expect(response.status).toBe(200)
    expect(await response.text()).toContain('npm run build')
  })
})

describe('the documentation', () => {
  it('describes every route in OpenAPI 3.1, from the schemas that validate it', async () => {
    gateway = await startGateway()

    const { body } = await gateway.json('/api/openapi.json', { as: null })

    expect(body).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Executor', version: '1.2.3' },
      paths: {
        '/api/policies/{policyId}': {
          patch: {
            operationId: 'patchPoliciesPolicyId',
            parameters: [{ name: 'policyId', in: 'path', required: true }],
            requestBody: {
              required: true,
              content: {
                'application/json': {
                  schema: {
                    required: ['owner'],
                    properties: { action: { enum: ['approve', 'require_approval', 'block'] } },
                  },
                },
              },
            },
          },
        },
        '/api/health': { get: { security: [] } },
      },
    })
  })

  it('says what a tool call takes, and what a call that waits is answered with', async () => {
    gateway = await startGateway()

    const { body } = await gateway.json('/api/openapi.json', { as: null })

    const schema = (required: string[]) => ({
      content: { 'application/json': { schema: { required } } },
    })
    expect(body).toMatchObject({
      paths: {
        '/api/tools/invoke': {
          post: {
            requestBody: { required: true, ...schema(['address']) },
            responses: {
              202: schema(['status', 'runId', 'interaction', 'executionId', 'approvalUrl']),
            },
          },
        },
      },
    })
  })

  it('has one name for each operation', async () => {
    gateway = await startGateway()

    const { body } = await gateway.json('/api/openapi.json', { as: null })

    const { paths } = body as { paths: Record<string, Record<string, { operationId: string }>> }
    const names = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )
    expect(new Set(names).size).toBe(names.length)
  })

  it('is a page that loads nothing from elsewhere', async () => {
    gateway = await startGateway()

    const response = await gateway.ask('/api/docs', { as: null })

    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';")
    const html = await response.text()
    expect(html).not.toMatch(/https?:/)
    for (const [, path = ''] of html.matchAll(/(?:src|href)="([^"]+)"/g))
      expect((await gateway.ask(path, { as: null })).status).toBe(200)
  })
})

import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { createEgress } from '../src/index.ts'
import { startUpstream } from './upstream.ts'

const egress = createEgress({ allowLocalNetwork: 'loopback' })
afterAll(() => egress.close())

describe('fetchDocument', () => {
  it('answers with text, final URL and media type', async () => {
    await using upstream = await startUpstream((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/v2/openapi.yaml' }).end()
      else response.setHeader('content-type', 'Application/YAML; charset=utf-8').end('openapi: 3')
    })

    const document = await egress.fetchDocument(upstream.origin)

    expect(document).toEqual({
      text: 'openapi: 3',
      url: `${upstream.origin}/v2/openapi.yaml`,
      contentType: 'application/yaml',
      status: 200,
    })
  })

  it('answers with any status', async () => {
    await using upstream = await startUpstream((_request, response) =>
      response.writeHead(404).end('gone'),
    )

    const document = await egress.fetchDocument(upstream.origin)

    expect(document).toMatchObject({ status: 404, text: 'gone', contentType: '' })
  })

  it.each([
    ['utf-8 with a mark', 'text/plain', Buffer.from('\uFEFFé')],
    ['latin-1', 'text/plain; charset=ISO-8859-1', Buffer.from([0xe9])],
    ['utf-16 with a mark', 'text/plain', Buffer.from('\uFEFFé', 'utf16le')],
    ['quoted charset', 'text/plain; charset="windows-1252"', Buffer.from([0xe9])],
    ['an unknown charset', 'text/plain; charset=klingon', Buffer.from('é')],
  ])('reads %s', async (_name, contentType, body) => {
    await using upstream = await startUpstream((_request, response) =>
      response.setHeader('content-type', contentType).end(body),
    )

    const document = await egress.fetchDocument(upstream.origin)

    expect(document.text).toBe('é')
  })

  it('refuses more than it was allowed, compressed or not', async () => {
    await using upstream = await startUpstream((_request, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(5_000_000))),
    )

    const document = egress.fetchDocument(upstream.origin, { maxBytes: 100_000 })

    await expect(document).rejects.toMatchObject({ reason: 'egress_too_large' })
  })
})

describe('fetch', () => {
  it('is a fetch whose redirects keep credentials on their origin', async () => {
    await using other = await startUpstream((_request, response) =>
      response.setHeader('content-type', 'application/json').end('{"a":1}'),
    )
    await using first = await startUpstream((_request, response) =>
      response.writeHead(307, { location: `${other.origin}/token` }).end(),
    )

    const response = await egress.fetch(new URL(`${first.origin}/start`), {
      method: 'POST',
      headers: { authorization: 'Basic x', 'x-key': 'K' },
      body: new URLSearchParams({ grant: 'code' }),
      secrets: { headers: ['x-key'] },
    })

    expect(response).toBeInstanceOf(Response)
    expect(await response.json()).toEqual({ a: 1 })
    expect(response.url).toBe(`${other.origin}/token`)
    expect(other.requests[0]).toMatchObject({ method: 'POST', body: 'grant=code' })
    expect(other.requests[0]?.headers).not.toHaveProperty('authorization')
    expect(other.requests[0]?.headers).not.toHaveProperty('x-key')
  })

  it('streams, and stops at its cap', async () => {
    await using upstream = await startUpstream((request, response) => {
      response.write('first')
      if (request.url === '/large') response.end('x'.repeat(5000))
    })

    const endless = await egress.fetch(upstream.origin, { maxBytes: 1000 })
    const first = await endless.body?.getReader().read()
    const large = await egress.fetch(`${upstream.origin}/large`, { maxBytes: 1000 })

    expect(Buffer.from(first?.value ?? []).toString()).toBe('first')
    await expect(large.text()).rejects.toMatchObject({ reason: 'egress_too_large' })
  })

  it('answers with the redirect where asked, and refuses it where asked', async () => {
    await using upstream = await startUpstream((_request, response) =>
      response.writeHead(302, { location: '/x' }).end(),
    )

    const manual = await egress.fetch(upstream.origin, { redirect: 'manual' })
    const refused = egress.fetch(upstream.origin, { redirect: 'error' })

    expect(manual.status).toBe(302)
    await expect(refused).rejects.toMatchObject({ reason: 'egress_redirects' })
  })

  it('rejects with the reason of an abort', async () => {
    await using upstream = await startUpstream(() => {})
    const controller = new AbortController()
    const request = egress.fetch(upstream.origin, { signal: controller.signal })

    controller.abort(new DOMException('enough', 'AbortError'))

    await expect(request).rejects.toMatchObject({ name: 'AbortError' })
  })
})

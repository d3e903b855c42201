import { type Detection, servicePrincipal } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { createFetchDocument } from './fetch-document.ts'
import { type SourceKind, toSlug } from './source.ts'
import { combineKinds } from './sources.ts'

function aKind(kind: string, detection: Partial<Detection> | null = null): SourceKind {
  const unused = () => Promise.reject(new TypeError('not part of this test'))
  const found = {
    kind,
    confidence: 'low',
    endpoint: 'x',
    name: 'x',
    slug: 'x',
    ...detection,
  } as const
  return {
    kind,
    add: unused,
    refresh: unused,
    configure: () => ({ config: {}, authMethods: [] }),
    preview: unused,
    detect: async () => (detection ? found : null),
    close: async () => undefined,
  }
}

const refuse = () => Promise.reject(new TypeError('nothing is downloaded here'))

describe('combineKinds', () => {
  it('finds a kind by its name, and names the known ones otherwise', () => {
    const openapi = aKind('openapi')
    const sources = combineKinds([openapi, aKind('mcp')], refuse)

    expect(sources.get('openapi')).toBe(openapi)
    expect(() => sources.get('__proto__')).toThrow('Known kinds: openapi, mcp.')
  })

  it('puts the surest detection first', async () => {
    const sources = combineKinds(
      [aKind('a', { confidence: 'low' }), aKind('b'), aKind('c', { confidence: 'high' })],
      refuse,
    )

    const found = await sources.detect('https://x.example', {
      principal: servicePrincipal('acme'),
      signal: new AbortController().signal,
    })

    expect(found.map(({ kind }) => kind)).toEqual(['c', 'a'])
  })
})

describe('createFetchDocument', () => {
  const options = { maxBytes: 10, timeoutMs: 5, signal: new AbortController().signal }
  const answer = (body: Buffer, contentType: string) =>
    createFetchDocument({
      request: async () => ({
        status: 200,
        headers: { 'content-type': contentType },
        body,
        url: 'https://x.example/final',
        durationMs: 1,
        cut: null,
      }),
    } as unknown as Parameters<typeof createFetchDocument>[0])('https://x.example', options)

  it('leaves bytes to be decoded elsewhere', async () => {
    const { text, url } = await answer(Buffer.from('ä'), 'application/json; charset="UTF-8"')

    expect(text).toBeInstanceOf(Uint8Array)
    expect(url).toBe('https://x.example/final')
  })

  it('decodes another charset, which only the headers know', async () => {
    const { text } = await answer(Buffer.from([0xe4]), 'text/yaml; charset=iso-8859-1')

    expect(text).toBe('ä')
  })
})

describe('toSlug', () => {
  it.each([
    ['Swagger Petstore - OpenAPI 3.0', 'swagger_petstore_openapi_3_0'],
    ['  GitHub v3 REST API ', 'github_v3_rest_api'],
    ['日本', 'api'],
    ['x'.repeat(500), 'x'.repeat(64)],
  ])('makes %j into %j', (title, slug) => {
    expect(toSlug(title)).toBe(slug)
  })
})

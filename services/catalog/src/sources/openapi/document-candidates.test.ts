import { describe, expect, it } from 'vitest'
import { listCandidates } from './document-candidates.ts'

const URL_ = 'https://api.example.com/docs/'

describe('listCandidates', () => {
  it.each([
    [
      '<link rel="service-desc" type="application/json" href="/spec.json">',
      'https://api.example.com/spec.json',
    ],
    ['<redoc spec-url="https://cdn.example.com/a.yaml"></redoc>', 'https://cdn.example.com/a.yaml'],
    [
      '<script id="api-reference" data-url="v1/spec"></script>',
      'https://api.example.com/docs/v1/spec',
    ],
    [
      '<script>SwaggerUIBundle({ url: "./swagger/v2/api-docs" })</script>',
      'https://api.example.com/docs/swagger/v2/api-docs',
    ],
    [
      '<script>window.ui = {"url":"petstore.json"}</script>',
      'https://api.example.com/docs/petstore.json',
    ],
  ])('finds what %s mentions', (page, candidate) => {
    expect(listCandidates(page, URL_)[0]).toBe(candidate)
  })

  it('tries where descriptions usually are', () => {
    expect(listCandidates('<html></html>', URL_).slice(0, 2)).toEqual([
      'https://api.example.com/openapi.json',
      'https://api.example.com/swagger.json',
    ])
  })

  it('offers few, none twice, and only addresses of the web', () => {
    const page = `${'<redoc spec-url="/openapi.json">'.repeat(20)}<redoc spec-url="file:///etc/passwd">`

    const candidates = listCandidates(page, URL_)

    expect(candidates).toHaveLength(5)
    expect(new Set(candidates).size).toBe(5)
    expect(candidates.every((url) => url.startsWith('https://'))).toBe(true)
  })

  it.each(['<link ', '<link rel=service-desc ', 'url:"', 'spec-url="', 'url'])(
    'reads a page of nothing but %s',
    (text) => {
      const candidates = listCandidates(`<${text.repeat(100_000)}`, URL_)

      expect(candidates).toContain('https://api.example.com/openapi.json')
    },
  )

  it('has nothing to offer where there is no page', () => {
    expect(listCandidates('', URL_)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { listMentioned, listScripts, listUsual } from './document-candidates.ts'

const URL_ = 'https://api.example.com/docs/'

describe('listMentioned', () => {
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
    expect(listMentioned(page, URL_)[0]).toBe(candidate)
  })

  it('names few, none twice, and only addresses of the web', () => {
    const page = `${'<redoc spec-url="/openapi.json">'.repeat(20)}<redoc spec-url="file:///etc/passwd">`

    expect(listMentioned(page, URL_)).toEqual(['https://api.example.com/openapi.json'])
  })

  it.each(['<link ', '<link rel=service-desc ', 'url:"', 'spec-url="', 'url', '<script '])(
    'reads a page of nothing but %s',
    (text) => {
      const page = `<${text.repeat(100_000)}`

      const found = [...listMentioned(page, URL_), ...listScripts(page, URL_)]
      expect(found.length).toBeLessThanOrEqual(1)
    },
  )
})

describe('listScripts', () => {
  it('finds the script that tells Swagger UI what to show, and no other', () => {
    const page =
      '<script src="./swagger-ui-bundle.js"></script><script src="./swagger-initializer.js"></script>'

    expect(listScripts(page, URL_)).toEqual(['https://api.example.com/docs/swagger-initializer.js'])
  })
})

describe('listUsual', () => {
  it('tries where descriptions usually are, here and at the root', () => {
    const usual = listUsual('https://api.example.com/v1/')

    expect(usual[0]).toBe('https://api.example.com/openapi.json')
    expect(usual).toContain('https://api.example.com/v1/openapi.json')
    expect(usual.length).toBeLessThanOrEqual(6)
  })
})

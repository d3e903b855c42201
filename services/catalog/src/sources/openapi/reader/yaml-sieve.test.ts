import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { readText } from './fixtures.ts'
import { sieveYaml } from './yaml-sieve.ts'

const DOCUMENT = `# A long description.
openapi: 3.0.3
info:
  title: Pets
  version: '1'
  description: |
    paths:
      /not-a-path: {}

security:
- key: []
paths:
  # The first.
  /pets:
    get:
      operationId: listPets
      responses:
        '200':
          $ref: '#/components/responses/Pets'
  '/pets/{id}':
    parameters:
    - $ref: "#/components/parameters/Id"
    get:
      operationId: getPet
      description: >-
        Reads
        one.

        Really.
  /petstores:
    get:
      operationId: listStores
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  parameters:
    Id:
      name: id
      in: path
      required: true
      schema: {$ref: '#/components/schemas/Id'}
  responses:
    Pets:
      description: Pets.
      content:
        application/json:
          schema:
            $ref: '#/components/schemas/a.Pet~1list'
  schemas:
    Id:
      type: string
    Store:
      type: object
    'a.Pet/list':
      type: array
      items:
        $ref: '#/components/schemas/a.Pet~1list/x-inner'
      x-inner:
        type: object
`
const only = (...prefixes: string[]) => ({ exact: [], prefixes })
const kept = (text: string, ...prefixes: string[]) =>
  load(sieveYaml(text, only(...prefixes)) ?? 'null: null') as Record<string, Record<string, object>>

describe('sieveYaml', () => {
  it('keeps the selected paths and what they reach, and parses to the same', () => {
    const whole = load(DOCUMENT) as Record<string, Record<string, Record<string, object>>>

    const part = kept(DOCUMENT, '/pets')

    expect(part).toEqual({
      ...whole,
      paths: { '/pets': whole.paths?.['/pets'], '/pets/{id}': whole.paths?.['/pets/{id}'] },
      components: {
        ...whole.components,
        schemas: {
          Id: whole.components?.schemas?.Id,
          'a.Pet/list': whole.components?.schemas?.['a.Pet/list'],
        },
      },
    })
  })

  it('leaves out components that nothing reaches', () => {
    const part = kept(DOCUMENT, '/petstores')

    expect(Object.keys(part.paths ?? {})).toEqual(['/petstores'])
    expect(part.components).toEqual({
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
    })
  })

  it('reads documents whose lines end as on Windows, or that open with a marker', () => {
    const part = kept(`---\r\n${DOCUMENT.replaceAll('\n', '\r\n')}`, '/petstores')

    expect(Object.keys(part.paths ?? {})).toEqual(['/petstores'])
  })

  it.each([
    ['paths in flow style', 'openapi: 3.0.3\npaths: {/pets: {get: {}}}\n'],
    ['no paths', 'openapi: 3.0.3\ninfo:\n  title: x\n'],
    ['an anchor', 'openapi: 3.0.3\ninfo: &info\n  title: x\npaths:\n  /a:\n    get: *info\n'],
    ['a complex key', 'openapi: 3.0.3\npaths:\n  ? /a\n  : get: {}\n'],
    ['a list', '- openapi: 3.0.3\n'],
    ['nothing', ''],
  ])('is not sure of %s', (_, text) => {
    expect(sieveYaml(text, only('/a'))).toBeNull()
  })

  it('never loses what an alias far below stands for', async () => {
    const late = `${DOCUMENT}x-late: &late\n  type: string\n`.replace(
      '    Id:\n      type: string\n',
      '    Id: *late\n',
    )
    // The alias comes before its anchor, so that the document is none, whole or in part.
    await expect(readText(late, { paths: only('/pets') })).rejects.toThrow('unidentified alias')
  })
})

describe('a selection of paths', () => {
  const names = async (text: string, paths: { exact: string[]; prefixes: string[] }) =>
    (await readText(text, { paths })).operations.map(({ name }) => name)

  it('reads the same from YAML and JSON', async () => {
    const json = JSON.stringify(load(DOCUMENT))

    const [yaml, other] = [
      await readText(DOCUMENT, { paths: only('/pets') }),
      await readText(json, { paths: only('/pets') }),
    ]

    expect(yaml.summary.hash).toBe(other.summary.hash)
    expect(yaml.operations.map(({ name }) => name)).toEqual(['pets.getPet', 'pets.listPets'])
  })

  it('takes a path alone, or with everything below it', async () => {
    expect(await names(DOCUMENT, { exact: ['/pets'], prefixes: [] })).toEqual(['pets.listPets'])
    expect(await names(DOCUMENT, { exact: [], prefixes: ['/pets/'] })).toHaveLength(2)
  })

  it('says so when nothing is left', async () => {
    await expect(names(DOCUMENT, only('/pet'))).rejects.toThrow('"/pet"')
  })
})

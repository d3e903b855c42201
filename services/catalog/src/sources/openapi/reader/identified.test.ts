import { describe, expect, it } from 'vitest'
import { anOperation, readText } from './fixtures.ts'
import type { JsonObject } from './json.ts'

/** What the one parameter's schema comes to, with every definition put in its place. */
async function read(
  schemas: JsonObject,
  {
    refer = '#/components/schemas/Start',
    files = {},
    url = 'https://api.test/v1/openapi.json',
  }: Given = {},
) {
  const parameters = [{ name: 'q', in: 'query', schema: { $ref: refer } }]
  const source = anOperation({ parameters }, { openapi: '3.1.0', components: { schemas } })
  const { summary, operations, definitions } = await readText(source, {
    url,
    files: toTexts(files),
  })
  const byName = new Map(definitions.map(({ name, json }) => [name, JSON.parse(json)]))
  const inline = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inline)
    if (typeof value !== 'object' || value === null) return value
    const { $ref, ...rest } = value as JsonObject
    const entries = Object.entries(rest).map(([key, inner]) => [key, inline(inner)])
    const target = typeof $ref === 'string' ? byName.get($ref.slice('#/$defs/'.length)) : null
    return { ...(inline(target) as JsonObject), ...Object.fromEntries(entries) }
  }
  const { inputSchema } = JSON.parse(operations[0]?.detail ?? '{}')
  return { schema: inline(inputSchema.properties.q), warnings: summary.warnings }
}

function toTexts(files: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([url, file]) => [url, JSON.stringify(file)]))
}

interface Given {
  refer?: string
  files?: Record<string, unknown>
  url?: string | null
}

const text = { type: 'string' }
const number = { type: 'number' }

describe('a schema with an address of its own', () => {
  it.each<[string, JsonObject, Given?]>([
    [
      'a pointer into itself',
      { Start: { $id: 'https://ids.test/start', $ref: '#/$defs/inner', $defs: { inner: text } } },
    ],
    [
      'a pointer into itself, from further in',
      {
        Start: {
          $id: 'https://ids.test/start',
          allOf: [{ anyOf: [{ $ref: '#/$defs/inner' }] }],
          $defs: { inner: text },
        },
      },
    ],
    [
      'an anchor of its own, which others bear too',
      {
        Other: { $id: 'https://ids.test/other', $defs: { a: { $anchor: 'inner', ...number } } },
        Start: {
          $id: 'https://ids.test/start',
          $ref: '#inner',
          $defs: { inner: { $anchor: 'inner', ...text } },
        },
      },
    ],
    [
      'a relative address of its neighbour',
      {
        Start: { $id: 'https://ids.test/a/start', $ref: 'end' },
        End: { $id: 'https://ids.test/a/end', ...text },
        Elsewhere: { $id: 'end', ...number },
      },
    ],
    [
      'an address below that of a schema around it',
      {
        Start: {
          $id: 'https://ids.test/a/start',
          $ref: 'b/inner',
          $defs: { x: { $id: 'b/', $defs: { y: { $id: 'inner', ...text } } } },
        },
      },
    ],
    [
      'an anchor of another',
      {
        Start: { $id: 'https://ids.test/start', $ref: 'end#leaf' },
        End: { $id: 'https://ids.test/end', $defs: { x: { $anchor: 'leaf', ...text } } },
      },
    ],
    [
      'a component of the file, as many write it',
      { Start: { $id: 'https://ids.test/start', $ref: '#/components/schemas/End' }, End: text },
    ],
    [
      'a file beside the description, though its address is elsewhere',
      { Start: { $id: 'https://ids.test/start', $ref: 'end.json' } },
      { files: { 'https://api.test/v1/end.json': text } },
    ],
    [
      'a file beside its address on the same site',
      { Start: { $id: '/schemas/start', $ref: 'end.json' } },
      { files: { 'https://api.test/schemas/end.json': text } },
    ],
    [
      'what a file calls itself',
      {
        Start: { $id: 'https://ids.test/start', allOf: [{ $ref: '/v1/x.json' }, { $ref: 'end' }] },
      },
      {
        files: {
          'https://api.test/v1/x.json': { $id: 'https://ids.test/end', ...text },
          'https://api.test/v1/end': { $ref: 'x.json' },
        },
      },
    ],
    [
      'itself, in a document without an address',
      {
        Start: { $id: 'https://ids.test/start', $ref: 'end' },
        End: { $id: 'https://ids.test/end', ...text },
      },
      { url: null, refer: 'https://ids.test/start' },
    ],
  ])('refers to %s', async (_, schemas, given) => {
    const { schema, warnings } = await read(schemas, given)

    expect(JSON.stringify(schema)).toContain('"string"')
    expect(JSON.stringify(schema)).not.toContain('"number"')
    expect(warnings).toEqual([])
  })

  it('is entered by whoever refers into it', async () => {
    const { schema } = await read(
      {
        Whole: {
          $id: 'https://ids.test/whole',
          $defs: { part: { items: { $ref: '#/$defs/leaf' } }, leaf: text },
        },
      },
      { refer: '#/components/schemas/Whole/$defs/part' },
    )

    expect(schema).toEqual({ items: text })
  })

  it('means nothing in OpenAPI 3.0', async () => {
    const parameters = [{ name: 'q', in: 'query', schema: { $ref: '#/components/schemas/Start' } }]
    const schemas = {
      Start: { $id: 'https://ids.test/start', properties: { a: { $ref: '#/$defs/x' } }, $defs: {} },
    }

    const { summary } = await readText(
      anOperation({ parameters }, { openapi: '3.0.3', components: { schemas } }),
    )

    expect(summary.warnings).toEqual(['The reference #/$defs/x leads nowhere.'])
  })
})

import { describe, expect, it } from 'vitest'
import { aDescription, anOperation, readOperation, readText } from './fixtures.ts'
import type { JsonObject } from './json.ts'

/** The schema of the one query parameter, converted. */
async function convert(schema: unknown, parts: JsonObject = {}): Promise<unknown> {
  const parameters = [{ name: 'q', in: 'query', schema }]
  const operation = await readOperation(anOperation({ parameters }, { method: 'get', ...parts }))
  return operation.inputSchema.properties.q
}

describe('toJsonSchema', () => {
  it.each<[string, unknown, unknown]>([
    ['a nullable type', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      'a nullable enum',
      { type: 'string', enum: ['a'], nullable: true },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [
      'a nullable composition',
      { nullable: true, description: 'd', allOf: [{ type: 'object' }] },
      { description: 'd', anyOf: [{ allOf: [{ type: 'object' }] }, { type: 'null' }] },
    ],
    [
      'an exclusive minimum as a flag',
      { type: 'number', minimum: 1, exclusiveMinimum: true },
      { type: 'number', exclusiveMinimum: 1 },
    ],
    [
      'a flag that excludes nothing',
      { type: 'number', maximum: 9, exclusiveMaximum: false },
      { type: 'number', maximum: 9 },
    ],
    [
      'a closed object that requires what it has no place for',
      { properties: { a: {} }, required: ['a', 'b'], additionalProperties: false },
      { properties: { a: {} }, required: ['a'], additionalProperties: false },
    ],
    [
      'a closed object that alternatives add to',
      { properties: { t: {} }, additionalProperties: false, oneOf: [{ properties: { a: {} } }] },
      { properties: { t: {} }, unevaluatedProperties: false, oneOf: [{ properties: { a: {} } }] },
    ],
    ['an example', { type: 'string', example: 'x' }, { type: 'string', examples: ['x'] }],
    [
      'bytes in base64',
      { type: 'string', format: 'byte' },
      { type: 'string', format: 'byte', contentEncoding: 'base64' },
    ],
    ['an unknown type', { type: 'any', description: 'd' }, { description: 'd' }],
    ['a misspelt type', { type: 'Int' }, { type: 'integer' }],
    ['a number in quotes', { type: 'string', maxLength: '10' }, { type: 'string', maxLength: 10 }],
    ['a length that is none', { type: 'string', minLength: -1 }, { type: 'string' }],
    ['a required that is a flag', { type: 'string', required: true }, { type: 'string' }],
    ['a pattern that is none', { type: 'string', pattern: '[' }, { type: 'string' }],
    ['vendor extensions', { type: 'string', 'x-go-name': 'Q', xml: {} }, { type: 'string' }],
    ['a schema that is none', 'string', {}],
    ['a boolean schema', true, true],
    [
      'a tuple of an older dialect',
      { type: 'array', items: [{ type: 'string' }, { type: 'number' }] },
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] },
    ],
    [
      'a discriminator',
      { discriminator: { propertyName: 'k', mapping: { a: '#/components/schemas/A' } } },
      { discriminator: { propertyName: 'k', mapping: { a: 'A' } } },
    ],
  ])('converts %s', async (_, schema, expected) => {
    expect(await convert(schema)).toEqual(expected)
  })

  it('keeps the keywords of 2020-12', async () => {
    const schema = {
      type: ['object', 'null'],
      properties: { a: { const: 1 } },
      patternProperties: { '^x': { type: 'string' } },
      unevaluatedProperties: false,
      dependentRequired: { a: ['b'] },
      if: { required: ['a'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { required: ['b'] },
      propertyNames: { maxLength: 4 },
      prefixItems: [{ type: 'string' }],
      contains: { type: 'string' },
      examples: [{ a: 1 }],
    }

    expect(await convert(schema, { openapi: '3.1.0' })).toEqual(schema)
  })

  it('drops examples that are too long to help', async () => {
    expect(await convert({ type: 'string', example: 'x'.repeat(2_000) })).toEqual({
      type: 'string',
    })
  })

  it('ignores constraints beside a reference in 3.0 and keeps them in 3.1', async () => {
    const schema = { $ref: '#/components/schemas/A', maxLength: 3, description: 'mine' }
    const components = { schemas: { A: { type: 'string' } } }

    expect(await convert(schema, { components })).toEqual({
      $ref: '#/$defs/A',
      description: 'mine',
    })
    expect(await convert(schema, { components, openapi: '3.1.0' })).toEqual({
      $ref: '#/$defs/A',
      maxLength: 3,
      description: 'mine',
    })
  })

  it('lets a reference be nullable', async () => {
    const components = { schemas: { A: { type: 'object' } } }

    expect(
      await convert({ $ref: '#/components/schemas/A', nullable: true }, { components }),
    ).toEqual({
      anyOf: [{ $ref: '#/$defs/A' }, { type: 'null' }],
    })
  })

  it('follows anchors and takes dynamic references for plain ones', async () => {
    const components = {
      schemas: {
        Tree: { $dynamicAnchor: 'node', properties: { kids: { items: { $dynamicRef: '#node' } } } },
        Leaf: { $anchor: 'leaf', type: 'string' },
      },
    }
    const operation = await readOperation(
      anOperation(
        {
          parameters: [
            {
              name: 'q',
              in: 'query',
              schema: { oneOf: [{ $ref: '#leaf' }, { $ref: '#/components/schemas/Tree' }] },
            },
          ],
        },
        { openapi: '3.1.0', components },
      ),
    )

    expect(operation.inputSchema.properties.q).toEqual({
      oneOf: [{ $ref: '#/$defs/Leaf' }, { $ref: '#/$defs/Tree' }],
    })
    expect(operation.definitions.Tree).toEqual({
      properties: { kids: { items: { $ref: '#/$defs/Tree' } } },
    })
  })

  it('keeps cycles as references', async () => {
    const components = {
      schemas: {
        Node: { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' } } },
      },
    }
    const parameters = [{ name: 'q', in: 'query', schema: { $ref: '#/components/schemas/Node' } }]

    const { definitions } = await readOperation(anOperation({ parameters }, { components }))

    expect(definitions).toEqual({
      Node: { type: 'object', properties: { next: { $ref: '#/$defs/Node' } } },
    })
  })

  it('cuts what would apply to itself without end, unions first', async () => {
    const components = {
      schemas: {
        Pet: {
          type: 'object',
          oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
        },
        Cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { required: ['lives'] }] },
        Dog: { allOf: [{ $ref: '#/components/schemas/Pet' }, { required: ['bark'] }] },
        Self: { $ref: '#/components/schemas/Other' },
        Other: { $ref: '#/components/schemas/Self' },
      },
    }
    const parameters = ['Cat', 'Dog', 'Self'].map((name) => ({
      name,
      in: 'query',
      schema: { $ref: `#/components/schemas/${name}` },
    }))
    const source = anOperation({ parameters }, { components })

    const { definitions } = await readOperation(source)
    const { summary } = await readText(source)

    expect(definitions).toEqual({
      Pet: { type: 'object' },
      Cat: { allOf: [{ $ref: '#/$defs/Pet' }, { required: ['lives'] }] },
      Dog: { allOf: [{ $ref: '#/$defs/Pet' }, { required: ['bark'] }] },
      Self: {},
      Other: {},
    })
    expect(summary.warnings.join()).toContain('applies to itself without end')
  })

  it('treats names of the prototype like any other', async () => {
    const components = {
      schemas: { constructor: { type: 'string' }, toString: { type: 'number' } },
    }
    const schema = JSON.parse(`{
      "type": "object",
      "properties": {
        "__proto__": { "type": "string" },
        "a": { "$ref": "#/components/schemas/constructor" },
        "b": { "$ref": "#/components/schemas/toString" }
      },
      "default": { "__proto__": { "polluted": true } }
    }`)
    const parameters = [{ name: 'q', in: 'query', schema }]

    const { operations, definitions } = await readText(anOperation({ parameters }, { components }))

    expect(operations[0]?.detail).toContain('"__proto__":{"type":"string"}')
    expect(operations[0]?.detail).toContain('"default":{"__proto__":{"polluted":true}}')
    expect(definitions.map(({ name }) => name)).toEqual(['constructor_', 'toString_'])
    expect('polluted' in {}).toBe(false)
  })
})

describe('definitions', () => {
  it('are named after components, and made plain where a name could be misread', async () => {
    const names = ['Pet', 'Pet«List»', 'a/b', 'x y', 'per%20cent']
    const schemas = Object.fromEntries(names.map((name) => [name, { type: 'string', title: name }]))
    const reference = (name: string) => encodeURIComponent(name.replaceAll('/', '~1'))
    const parameters = names.map((name, index) => ({
      name: `q${index}`,
      in: 'query',
      schema: { $ref: `#/components/schemas/${reference(name)}` },
    }))

    const { definitions, inputSchema } = await readOperation(
      anOperation({ parameters }, { components: { schemas } }),
    )

    for (const [index, name] of names.entries()) {
      const target = String(inputSchema.properties[`q${index}`]?.$ref).replace('#/$defs/', '')
      expect(target).toMatch(/^[A-Za-z0-9._-]+$/)
      expect(definitions[target]).toEqual({ type: 'string', title: name })
    }
    expect(Object.keys(definitions)).toContain('Pet')
  })

  it('hoist what is referred to outside the components', async () => {
    const source = aDescription({
      paths: {
        '/a': {
          post: {
            parameters: [
              { name: 'x', in: 'query', schema: { $ref: '#/paths/~1a/post/x-shape/of/0' } },
            ],
            'x-shape': { of: [{ type: 'integer' }] },
          },
        },
      },
    })

    const { definitions, inputSchema } = await readOperation(source)

    expect(Object.values(definitions)).toEqual([{ type: 'integer' }])
    expect(inputSchema.properties.x).toEqual({ $ref: `#/$defs/${Object.keys(definitions)[0]}` })
  })

  it('leave out components that no operation reaches', async () => {
    const { definitions } = await readText(
      aDescription({ components: { schemas: { Unused: { type: 'string' } } } }),
    )

    expect(definitions).toEqual([])
  })

  it('read a reference that leads nowhere as anything, and warn', async () => {
    const parameters = [{ name: 'q', in: 'query', schema: { $ref: '#/components/schemas/Gone' } }]
    const source = anOperation({ parameters })

    const { inputSchema } = await readOperation(source)
    const { summary } = await readText(source)

    expect(inputSchema.properties.q).toEqual({})
    expect(summary.warnings).toEqual(['The reference #/components/schemas/Gone leads nowhere.'])
  })
})

describe('a generic schema', () => {
  const parts = {
    openapi: '3.1.0',
    components: {
      schemas: {
        Page: {
          $id: 'page',
          type: 'object',
          properties: { items: { type: 'array', items: { $dynamicRef: '#item' } } },
          $defs: { item: { $dynamicAnchor: 'item', not: {} } },
        },
        Users: { $id: 'users', $ref: 'page', $defs: { item: itemOf('User') } },
        Teams: { $id: 'teams', $ref: 'page#', $defs: { item: itemOf('Team') } },
        User: { type: 'object', properties: { login: { type: 'string' } } },
        Team: { type: 'object', properties: { slug: { type: 'string' } } },
      },
    },
  }

  function itemOf(name: string): JsonObject {
    return { $dynamicAnchor: 'item', $ref: `#/components/schemas/${name}` }
  }

  it('has the items that each of its users names', async () => {
    const names = ['Users', 'Teams']
    const parameters = names.map((name) => ({
      name,
      in: 'query',
      schema: { $ref: `#/components/schemas/${name}` },
    }))

    const { definitions } = await readOperation(anOperation({ parameters }, parts))

    const follow = (schema: unknown): JsonObject => {
      const { $ref } = schema as { $ref?: string }
      return $ref ? follow(definitions[$ref.slice('#/$defs/'.length)]) : (schema as JsonObject)
    }
    const items = names.map((name) => {
      const page = follow(definitions[name]) as { properties: { items: { items: unknown } } }
      return follow(page.properties.items.items)
    })
    expect(items).toEqual([
      { type: 'object', properties: { login: { type: 'string' } } },
      { type: 'object', properties: { slug: { type: 'string' } } },
    ])
  })

  it('stands for itself where nobody names anything', async () => {
    const parameters = [{ name: 'q', in: 'query', schema: { $ref: '#/components/schemas/Page' } }]

    const { definitions } = await readOperation(anOperation({ parameters }, parts))

    expect(definitions.Page).toMatchObject({
      properties: { items: { items: { $ref: expect.stringMatching(/item$/) } } },
    })
  })
})

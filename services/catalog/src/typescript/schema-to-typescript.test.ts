import { describe, expect, it } from 'vitest'
import { definitionsToTypeScript, schemaToTypeScript } from './schema-to-typescript.ts'

const lines = (...text: string[]) => text.join('\n')

describe('schemaToTypeScript', () => {
  it.each([
    ['true', true, 'unknown'],
    ['false', false, 'never'],
    ['nothing said', {}, 'unknown'],
    ['a simple type', { type: 'integer' }, 'number'],
    ['several types', { type: ['string', 'null'] }, 'string | null'],
    ['the older way to say null', { type: 'string', nullable: true }, 'string | null'],
    ['a constant', { const: 'a"b' }, '"a\\"b"'],
    ['values', { type: 'string', enum: ['open', 'closed', null] }, '"open" | "closed" | null'],
    ['no values', { enum: [] }, 'never'],
    ['values that are JSON', { enum: [[1, 2], { a: true }] }, '[1,2] | {"a":true}'],
    ['a list', { type: 'array', items: { type: 'string' } }, 'string[]'],
    ['a list of anything', { type: 'array' }, 'unknown[]'],
    ['a list of choices', { items: { type: ['string', 'number'] } }, '(string | number)[]'],
    ['lists of lists', { items: { items: { type: 'boolean' } } }, 'boolean[][]'],
    ['no properties', { type: 'object', additionalProperties: false }, '{}'],
    ['any object', { type: 'object' }, '{ [key: string]: unknown }'],
    ['a record', { additionalProperties: { type: 'number' } }, '{ [key: string]: number }'],
    ['patterns', { patternProperties: { '^x-': { type: 'string' } } }, '{ [key: string]: string }'],
    ['a reference', { $ref: '#/$defs/simple-user' }, 'SimpleUser'],
    ['an escaped reference', { $ref: '#/$defs/a~1b%20c' }, 'ABC'],
    ['a reference elsewhere', { $ref: 'https://example.com/x.json' }, 'unknown'],
    ['an unknown type', { type: 'any' }, 'unknown'],
  ])('emits %s', (_, schema, text) => {
    expect(schemaToTypeScript(schema)).toBe(text)
  })

  it('marks optional properties and quotes names that are no identifiers', () => {
    const schema = {
      properties: { id: { type: 'string' }, 'a-b': { type: 'string' }, é: {}, '2fa': {} },
      required: ['id', 'undescribed'],
    }

    const text = schemaToTypeScript(schema)

    expect(text).toBe(
      '{ id: string; "a-b"?: string; é?: unknown; "2fa"?: unknown; undescribed: unknown }',
    )
  })

  it('keeps named properties apart from an index signature that would contradict them', () => {
    const schema = {
      properties: { id: { type: 'string' } },
      additionalProperties: { type: 'number' },
    }

    expect(schemaToTypeScript(schema)).toBe('{ id?: string } & { [key: string]: number }')
  })

  it('joins an open index signature with the named properties', () => {
    const schema = { properties: { id: { type: 'string' } }, additionalProperties: true }

    expect(schemaToTypeScript(schema)).toBe('{ id?: string; [key: string]: unknown }')
  })

  it('emits tuples with optional and further elements', () => {
    const prefixItems = [{ type: 'string' }, { type: ['number', 'null'] }]

    expect(schemaToTypeScript({ prefixItems, minItems: 1, items: false })).toBe(
      '[string, (number | null)?]',
    )
    expect(schemaToTypeScript({ prefixItems, minItems: 2, items: { type: 'boolean' } })).toBe(
      '[string, number | null, ...boolean[]]',
    )
  })

  it('combines parts and choices', () => {
    const schema = {
      allOf: [{ $ref: '#/$defs/Base' }, { description: 'Says nothing.' }],
      oneOf: [{ type: 'string' }, { $ref: '#/$defs/Other' }, { type: 'string' }],
    }

    expect(schemaToTypeScript(schema)).toBe('Base & (string | Other)')
  })

  it('leaves choices out that only say which properties are required', () => {
    const schema = {
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    }

    expect(schemaToTypeScript(schema)).toBe('{ a?: string; b?: string }')
  })

  it('writes descriptions as comments that nothing in them can end', () => {
    const schema = {
      properties: {
        a: {
          type: 'string',
          description: 'Ends */ here?\r\nNo.\u2028Really.',
          format: 'date-time',
        },
        b: { type: 'number', default: 30, deprecated: true },
      },
    }

    expect(schemaToTypeScript(schema)).toBe(
      lines(
        '{',
        '  /**',
        '   * Ends *\\/ here?',
        '   * No.',
        '   * Really.',
        '   * @format date-time',
        '   */',
        '  a?: string;',
        '  /**',
        '   * @default 30',
        '   * @deprecated',
        '   */',
        '  b?: number;',
        '}',
      ),
    )
  })

  it('breaks what does not fit a line, and only that', () => {
    const long = (letter: string) => ({ enum: [letter.repeat(50), letter.repeat(49)] })
    const schema = {
      properties: { a: long('a'), b: { items: { properties: { c: long('c') } } } },
      required: ['a'],
    }

    expect(schemaToTypeScript(schema)).toBe(
      lines(
        '{',
        `  a: "${'a'.repeat(50)}" | "${'a'.repeat(49)}";`,
        `  b?: { c?: "${'c'.repeat(50)}" | "${'c'.repeat(49)}" }[];`,
        '}',
      ),
    )
    expect(schemaToTypeScript({ enum: ['x'.repeat(70), 'y'.repeat(70)] }, { name: 'long' })).toBe(
      lines('type Long =', `  | "${'x'.repeat(70)}"`, `  | "${'y'.repeat(70)}";`),
    )
  })

  it('declares an interface where it can and a type where it must', () => {
    const tree = {
      description: 'A tree.',
      properties: { children: { type: 'array', items: { $ref: '#' } } },
    }

    expect(schemaToTypeScript(tree, { name: 'tree' })).toBe(
      lines('/** A tree. */', 'interface Tree { children?: Tree[] }'),
    )
    expect(schemaToTypeScript({ items: tree }, { name: 'list' })).toBe(
      'type List = { children?: List[] }[];',
    )
  })

  it('gives up on what is nested beyond reason', () => {
    let schema: object = { type: 'string' }
    for (let depth = 0; depth < 5_000; depth++) schema = { type: 'array', items: schema }

    expect(schemaToTypeScript({ ...schema })).toBe(`unknown${'[]'.repeat(65)}`)
  })
})

describe('definitionsToTypeScript', () => {
  it('declares every definition under its type name and lets them refer to each other', () => {
    const texts = definitionsToTypeScript({
      'simple-user': { properties: { org: { $ref: '#/$defs/org.name' } } },
      'org.name': { properties: { owner: { $ref: '#/$defs/simple-user' } } },
    })

    expect(texts).toEqual({
      SimpleUser: 'interface SimpleUser { org?: OrgName }',
      OrgName: 'interface OrgName { owner?: SimpleUser }',
    })
  })

  it('tells apart definitions that would have the same type name', () => {
    const texts = definitionsToTypeScript({
      'a-b': { type: 'string' },
      a_b: { $ref: '#/$defs/a-b' },
      '3d': { type: 'null' },
      '': { $ref: '#/$defs/a_b' },
    })

    expect(texts).toEqual({
      AB: 'type AB = string;',
      AB2: 'type AB2 = AB;',
      _3d: 'type _3d = null;',
      _: 'type _ = AB2;',
    })
  })

  it('is not confused by names of the language', () => {
    const definitions = JSON.parse(
      '{"__proto__": {"type": "string"}, "string": {"type": "number"}}',
    )

    expect(definitionsToTypeScript(definitions)).toEqual({
      Proto: 'type Proto = string;',
      String: 'type String = number;',
    })
  })
})

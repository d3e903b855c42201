import type { JsonSchema } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { reachableDefinitions } from './references.ts'

const within = (definitions: Record<string, JsonSchema>) => (name: string) =>
  Object.hasOwn(definitions, name) ? definitions[name] : undefined

describe('reachableDefinitions', () => {
  it('follows references through other definitions, and no others', () => {
    const lookup = within({
      a: { properties: { b: { $ref: '#/$defs/b' } } },
      b: { type: 'string' },
      c: { type: 'number' },
    })

    const reached = reachableDefinitions({ items: { $ref: '#/$defs/a' } }, lookup)

    expect(Object.keys(reached).sort()).toEqual(['a', 'b'])
  })

  it('ends where definitions refer to each other', () => {
    const lookup = within({
      a: { allOf: [{ $ref: '#/$defs/b' }] },
      b: { additionalProperties: { $ref: '#/$defs/a' } },
    })

    expect(Object.keys(reachableDefinitions({ $ref: '#/$defs/a' }, lookup)).sort()).toEqual([
      'a',
      'b',
    ])
  })

  it('takes a property called $ref for a property, and data for data', () => {
    const lookup = within({ a: { type: 'string' }, b: { type: 'string' } })
    const schema = {
      properties: { $ref: { $ref: '#/$defs/a' } },
      default: { $ref: '#/$defs/b' },
      enum: [{ $ref: '#/$defs/b' }],
    }

    expect(Object.keys(reachableDefinitions(schema, lookup))).toEqual(['a'])
  })

  it('passes over what is missing or elsewhere', () => {
    const schema = { anyOf: [{ $ref: '#/$defs/gone' }, { $ref: 'other.json#/$defs/a' }, false] }

    expect(reachableDefinitions(schema, within({ a: true }))).toEqual({})
  })

  it('keeps a definition with a name of the language', () => {
    const lookup = (name: string) => (name === '__proto__' ? { type: 'string' } : undefined)

    const reached = reachableDefinitions({ $ref: '#/$defs/__proto__' }, lookup)

    expect(Object.keys(reached)).toEqual(['__proto__'])
  })

  it('unfolds a chain of definitions without end of the stack', () => {
    const lookup = (name: string) =>
      Number(name) < 20_000 ? { $ref: `#/$defs/${Number(name) + 1}` } : true

    expect(Object.keys(reachableDefinitions({ $ref: '#/$defs/1' }, lookup))).toHaveLength(20_000)
  })
})

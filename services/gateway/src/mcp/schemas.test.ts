import { describe, expect, it } from 'vitest'
import { reachableDefinitions } from './schemas.ts'

describe('reachableDefinitions', () => {
  const ref = (name: string) => ({ $ref: `#/$defs/${name}` })

  it('follows references through definitions, cycles included, and takes no other', () => {
    const definitions = {
      Pet: { properties: { owner: ref('Owner') } },
      Owner: { properties: { pets: { items: ref('Pet') } } },
      Other: true,
    }

    expect(Object.keys(reachableDefinitions({ items: ref('Pet') }, definitions))).toEqual([
      'Pet',
      'Owner',
    ])
  })

  it('reads escaped names, and ignores what is not there', () => {
    const definitions = { 'a/b c': true }

    expect(
      reachableDefinitions(
        { anyOf: [ref('a~1b%20c'), ref('toString'), { $ref: '#' }] },
        definitions,
      ),
    ).toEqual({ 'a/b c': true })
  })
})

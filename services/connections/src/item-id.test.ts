import { describe, expect, it } from 'vitest'
import { formatItemId, parseItemId } from './item-id.ts'

const key = {
  tenant: 'acme',
  owner: 'user',
  subject: 'alice',
  integration: 'github',
  name: 'work',
} as const

describe('formatItemId', () => {
  it('names every value of every revision differently', () => {
    expect(formatItemId(key, 'token', 'r1')).toBe('connection:user:github:work:r1:token')
  })
})

describe('parseItemId', () => {
  it.each(['token', 'a:b', ''])('finds the connection of the input %j', (variable) => {
    const { tenant, owner, subject } = key
    const id = formatItemId(key, variable, 'r1')

    expect(parseItemId({ tenant, owner, subject, id })).toEqual(key)
  })

  it.each(['oauth-client:org:github:secret', 'connection:org', ''])('finds none in %j', (id) => {
    expect(parseItemId({ tenant: 'acme', owner: 'org', subject: '', id })).toBeNull()
  })
})

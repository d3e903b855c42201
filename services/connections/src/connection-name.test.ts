import { describe, expect, it } from 'vitest'
import { connectionIdentifier } from './connection-name.ts'

describe('connectionIdentifier', () => {
  it.each([
    ['Alice Private', 'alicePrivate'],
    ['work', 'work'],
    ['default', 'default'],
    ['my_api-key', 'myApiKey'],
    ['API KEY', 'apiKey'],
    ['GitHub Work', 'gitHubWork'],
    ['Zoë’s account', 'zoeSAccount'],
    ['  spaced   out  ', 'spacedOut'],
    ['a.b.c', 'aBC'],
    ['tools["x"]', 'toolsX'],
  ])('reads %j as %j', (name, identifier) => {
    expect(connectionIdentifier(name)).toBe(identifier)
  })

  it.each([
    ['2nd account', 'connection2ndAccount'],
    ['then', 'connectionThen'],
    ['constructor', 'connectionConstructor'],
    ['__proto__', 'proto'],
    ['to string', 'connectionToString'],
  ])('prefixes %j, which is no usable identifier', (name, identifier) => {
    expect(connectionIdentifier(name)).toBe(identifier)
  })

  it('keeps names of other scripts apart', () => {
    const work = connectionIdentifier('仕事')
    const home = connectionIdentifier('自宅')

    expect(work).toMatch(/^connection[0-9a-f]{8}$/)
    expect(home).not.toBe(work)
  })

  it.each([
    'Alice Private',
    'API KEY',
    'a B',
    'A',
    '2nd',
    'then',
    '仕事',
    'GitHub',
    'x'.repeat(128),
  ])('leaves the identifier of %j as it is', (name) => {
    const once = connectionIdentifier(name)

    expect(connectionIdentifier(once)).toBe(once)
  })

  it('never makes a name that is too long to be asked for', () => {
    expect(connectionIdentifier('9'.repeat(128))).toHaveLength(128)
    expect(connectionIdentifier('ﬃ'.repeat(128))).toHaveLength(128)
  })
})

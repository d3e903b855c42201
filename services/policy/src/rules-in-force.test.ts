import { describe, expect, it } from 'vitest'
import { aRule } from '../test/fixtures.ts'
import { createRulesInForce } from './rules-in-force.ts'

function aSource() {
  const state = { version: 0, pattern: 'a', reads: 0, isDown: false }
  const read = async (owner: 'org' | 'user') => {
    state.reads++
    if (state.isDown) throw new TypeError('down')
    return [aRule({ owner, pattern: state.pattern })]
  }
  const rulesFor = createRulesInForce({
    readVersion: () => state.version,
    readOrgRules: () => read('org'),
    readUserRules: () => read('user'),
  })
  const patterns = async (subject = 'ada') =>
    (await rulesFor('acme', subject)).rules.map(({ owner, pattern }) => `${owner} ${pattern}`)
  return { state, patterns }
}

describe('createRulesInForce', () => {
  it('reads once for as long as the version stays', async () => {
    const { state, patterns } = aSource()

    await Promise.all([patterns(), patterns()])

    expect(await patterns()).toEqual(['org a', 'user a'])
    expect(state.reads).toBe(2)
  })

  it('reads again when the version changed', async () => {
    const { state, patterns } = aSource()
    await patterns()

    state.version = 1
    state.pattern = 'b'

    expect(await patterns()).toEqual(['org b', 'user b'])
  })

  it('shares the organization’s rules among accounts', async () => {
    const { state, patterns } = aSource()

    await patterns('ada')
    await patterns('bob')

    expect(state.reads).toBe(3)
  })

  it('knows no personal rules of a key without an account', async () => {
    const { patterns } = aSource()

    expect(await patterns('')).toEqual(['org a'])
  })

  it('remembers no failure', async () => {
    const { state, patterns } = aSource()
    state.isDown = true
    await expect(patterns()).rejects.toThrow('down')

    state.isDown = false

    expect(await patterns()).toEqual(['org a', 'user a'])
  })
})

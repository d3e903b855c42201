import { describe, expect, it } from 'vitest'
import type { AuthMethodView } from '#lib/credential-fields.ts'
import { chooseMethods, findCredentialHint, suggestName, takenBy } from './account-choices.ts'
import { readHandoff } from './handoff.ts'

const read = (query: string) => readHandoff(new URLSearchParams(query))

describe('a link to the form', () => {
  it('opens it, filled in with what it says', () => {
    expect(read('addAccount=1')).toEqual({})
    expect(read('addAccount=1&owner=user&template=apikey-2&label=Alice')).toEqual({
      owner: 'user',
      template: 'apikey-2',
      label: 'Alice',
    })
  })

  it('says nothing else', () => {
    expect(read('')).toBe(null)
    expect(read('addAccount=0&owner=org')).toBe(null)
    expect(read(`addAccount=1&owner=root&label=${'a'.repeat(500)}`)).toEqual({
      label: 'a'.repeat(128),
    })
  })
})

describe('the choices of the form', () => {
  it('begin with the methods that ask for something', () => {
    const methods: AuthMethodView[] = [
      { slug: 'none', label: '', kind: 'none' },
      { slug: 'apikey-0', label: '', kind: 'apikey' },
    ]

    expect(chooseMethods(methods).map(({ slug }) => slug)).toEqual(['apikey-0', 'none'])
    expect(chooseMethods([]).map(({ slug }) => slug)).toEqual(['none'])
  })

  it('offer to leave the credential out where the description does not', () => {
    const methods: AuthMethodView[] = [{ slug: 'apikey-0', label: '', kind: 'apikey' }]

    expect(chooseMethods(methods).map(({ slug }) => slug)).toEqual(['apikey-0', 'none'])
  })

  it('say where a credential comes from, if a preset of its address does', () => {
    const credential = { hint: 'A key.', url: 'https://a.example/keys' }
    const texts = { id: 'a', kind: 'openapi', name: 'A', summary: '', family: 'a' }
    const presets = [{ ...texts, url: 'https://a.example/openapi.json', credential }]
    const at = (displayUrl: string, kind = 'openapi') =>
      findCredentialHint(presets, { kind, displayUrl })

    expect(at('https://a.example/openapi.json')).toBe(credential)
    expect(at('https://b.example/openapi.json')).toBe(undefined)
    expect(at('https://a.example/openapi.json', 'mcp')).toBe(undefined)
    expect(findCredentialHint([{ ...texts, credential }], { kind: 'openapi' })).toBe(undefined)
  })

  it('suggest a name that is not taken, and say whose place one takes', () => {
    const accounts = [
      { name: 'default', owner: 'org' as const },
      { name: 'alicePrivate', owner: 'user' as const },
    ]

    expect(suggestName([])).toBe('default')
    expect(suggestName(accounts)).toBe('default2')
    expect(takenBy(accounts, { owner: 'user', name: 'Alice Private' })).toBe(accounts[1])
    expect(takenBy(accounts, { owner: 'org', name: 'Alice Private' })).toBe(undefined)
  })
})

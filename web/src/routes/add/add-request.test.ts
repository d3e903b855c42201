import type { Detection, Preset } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { asksForNothing, labelOfMethod, problemOfSlug, toAddRequest } from './add-request.ts'
import { filterPresets } from './filter-presets.ts'

const aDetection = (rest: Partial<Detection>): Detection => ({
  kind: 'openapi',
  confidence: 'high',
  endpoint: '',
  name: 'Pets',
  slug: 'pets',
  ...rest,
})
const wishes = { name: 'My pets', slug: 'mine', endpoint: ' https://a.example ', text: 'a: b' }

describe('the request that adds what was found', () => {
  it('is the one it came with, named as somebody wished', () => {
    const add = { method: 'POST', path: '/api/openapi/specs', body: { name: 'Pets', spec: 'x' } }

    expect(toAddRequest(aDetection({ add }), wishes)).toEqual({
      ...add,
      body: { name: 'My pets', slug: 'mine', spec: 'x' },
    })
  })

  it('is given what was pasted, and what only a person can tell', () => {
    const add = { method: 'POST', path: '/api/graphql/integrations', body: {} }
    const found = aDetection({ add, missing: ['schema', 'endpoint'] })

    expect(toAddRequest(found, wishes)?.body).toEqual({
      name: 'My pets',
      slug: 'mine',
      schema: 'a: b',
      endpoint: 'https://a.example',
    })
  })

  it('is none where the instance names none', () => {
    expect(toAddRequest(aDetection({}), wishes)).toBe(null)
  })
})

describe('what is said of it before', () => {
  it('is what is wrong with its short name', () => {
    expect(problemOfSlug('pets', [])).toBe(null)
    expect(problemOfSlug('pets', ['pets'])).toContain('already')
    expect(problemOfSlug('', [])).toContain('letters')
    expect(problemOfSlug('a.b', [])).toContain('letters')
  })

  it('is how to authenticate', () => {
    const method = { slug: 'a', origin: 'detected' as const, placements: [] }
    const placements = [{ carrier: 'header' as const, name: 'X-Key' }]

    expect(labelOfMethod({ ...method, kind: 'apikey', placements })).toBe('API key (X-Key)')
    expect(labelOfMethod({ ...method, kind: 'oauth2' })).toBe('OAuth')
    expect(labelOfMethod({ ...method, kind: 'env', label: 'Token' })).toBe('Token')
    expect(asksForNothing([])).toBe(true)
    expect(asksForNothing([{ kind: 'none' }, { kind: 'apikey' }])).toBe(false)
  })
})

describe('the search of presets', () => {
  const aPreset = (name: string, summary = ''): Preset => ({
    id: name.toLowerCase(),
    kind: 'mcp',
    name,
    summary,
    family: '',
    credential: { hint: '' },
  })
  const presets = [aPreset('Gmail', 'Send mail'), aPreset('Mailer'), aPreset('Sheets')]
  const names = (typed: string) => filterPresets(presets, typed).map(({ name }) => name)

  it('finds every word anywhere, what is named so first', () => {
    expect(names('  ')).toEqual(['Gmail', 'Mailer', 'Sheets'])
    expect(names('MAIL')).toEqual(['Mailer', 'Gmail'])
    expect(names('mail send')).toEqual(['Gmail'])
    expect(names('mail sheets')).toEqual([])
  })
})

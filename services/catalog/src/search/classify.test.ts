import { describe, expect, it } from 'vitest'
import { actionOf, depthOf, isOutdated, leafWords } from './classify.ts'
import type { SearchDocument } from './document.ts'

function aDocument(given: Partial<SearchDocument>): SearchDocument {
  return {
    name: 'group.leaf',
    description: '',
    parameters: [],
    tags: [],
    readOnly: given.method === 'GET',
    destructive: given.method === 'DELETE',
    deprecated: false,
    ...given,
  }
}

describe('actionOf', () => {
  it.each([
    ['GET', '/v1/charges', 'charges.getCharges', 'Returns a list of charges.', 'list'],
    ['GET', '/v1/charges/{id}', 'charges.getCharge', 'Retrieves a charge.', 'read'],
    [
      'POST',
      '/v1/charges',
      'charges.postCharges',
      'To charge a card, you create a charge.',
      'create',
    ],
    ['POST', '/v1/charges/{id}', 'charges.postCharge', 'Updates the charge.', 'update'],
    ['POST', '/v1/invoices/{id}/void', 'invoices.void', 'Marks it as void.', 'act'],
    ['POST', '/chat.delete', 'chat.delete', 'Deletes a message.', 'delete'],
    ['PUT', '/user/starred/{repo}', 'activity.starRepo', 'Stars it.', 'update'],
    ['GET', '/search', 'search.do', 'Creates a report.', 'read'],
  ])('tells what %s %s does', (method, path, name, description, action) => {
    expect(actionOf(aDocument({ method, path, name, description }))).toBe(action)
  })

  it('goes by the name of a tool that has no method', () => {
    expect(actionOf(aDocument({ name: 'tools.delete_file', destructive: true }))).toBe('delete')
    expect(actionOf(aDocument({ name: 'tools.frobnicate', readOnly: true }))).toBe('read')
  })
})

describe('leafWords', () => {
  it('leaves out the group, the method in front and versions', () => {
    expect(leafWords(aDocument({ name: 'charges.postChargesV1Refund', method: 'POST' }))).toEqual([
      'charges',
      'refund',
    ])
  })
})

describe('isOutdated', () => {
  it('believes the description as well as the flag', () => {
    expect(isOutdated(aDocument({ deprecated: true }))).toBe(true)
    expect(isOutdated(aDocument({ summary: 'Get a team (Legacy)' }))).toBe(true)
    expect(isOutdated(aDocument({ summary: 'Get a team' }))).toBe(false)
  })
})

describe('depthOf', () => {
  it('counts the parts of a path that say something', () => {
    expect(depthOf(aDocument({ path: '/api/v1/repos/{owner}/{repo}/issues' }))).toBe(2)
  })
})

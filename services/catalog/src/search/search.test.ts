import { describe, expect, it } from 'vitest'
import { buildIndex } from './build-index.ts'
import type { SearchDocument } from './document.ts'
import { type SearchOptions, type SearchTarget, searchIndexes } from './search.ts'

function aDocument(
  method: string,
  path: string,
  given: Partial<SearchDocument> = {},
): SearchDocument {
  return {
    name: `api.${method.toLowerCase()}`,
    path,
    method,
    description: given.summary ?? `${method} ${path}`,
    parameters: [],
    tags: [],
    readOnly: method === 'GET',
    destructive: method === 'DELETE',
    deprecated: false,
    ...given,
  }
}

const issues = [
  aDocument('GET', '/issues', { summary: 'List issues' }),
  aDocument('POST', '/issues', { summary: 'Create an issue' }),
  aDocument('GET', '/issues/{id}', { summary: 'Get an issue' }),
  aDocument('PATCH', '/issues/{id}', { summary: 'Update an issue' }),
  aDocument('DELETE', '/issues/{id}', { summary: 'Delete an issue' }),
  aDocument('POST', '/issues/{id}/comments', { summary: 'Create an issue comment' }),
  aDocument('PUT', '/issues/{id}/lock', { summary: 'Lock an issue' }),
  aDocument('GET', '/webhooks', { summary: 'List webhooks' }),
]

function aTarget(
  key: string,
  documents: SearchDocument[],
  given: Partial<SearchTarget> = {},
): SearchTarget {
  return { key, index: buildIndex(documents), allows: () => true, ...given }
}

function find(targets: SearchTarget[], query: string, options: Partial<SearchOptions> = {}) {
  return searchIndexes(targets, query, { limit: 10, offset: 0, ...options })
}

function best(documents: SearchDocument[], query: string): string | undefined {
  const [hit] = find([aTarget('api', documents)], query).items
  const document = hit && documents[hit.ordinal]
  return document && `${document.method} ${document.path}`
}

describe('searchIndexes', () => {
  it.each([
    ['create an issue', 'POST /issues'],
    ['open a ticket', 'POST /issues'],
    ['list issues', 'GET /issues'],
    ['show all tickets', 'GET /issues'],
    ['get an issue', 'GET /issues/{id}'],
    ['edit an issue', 'PATCH /issues/{id}'],
    ['get rid of an issue', 'DELETE /issues/{id}'],
    ['comment on an issue', 'POST /issues/{id}/comments'],
    ['freeze an issue', 'PUT /issues/{id}/lock'],
    ['web hooks', 'GET /webhooks'],
    ['lokc an isue', 'PUT /issues/{id}/lock'],
    ['webho', 'GET /webhooks'],
    ['issuecomment', 'POST /issues/{id}/comments'],
    ['LOCK ISSUE!', 'PUT /issues/{id}/lock'],
  ])('answers "%s" with %s', (query, operation) => {
    expect(best(issues, query)).toBe(operation)
  })

  it('finds operations by their parameters, tags and descriptions', () => {
    const documents = [
      aDocument('POST', '/a', { parameters: [{ name: 'dueDate', description: 'The deadline.' }] }),
      aDocument('POST', '/b', { tags: ['astronomy'] }),
      aDocument('POST', '/c', { description: 'Does something. It involves a <b>walrus</b>.' }),
    ]

    expect(best(documents, 'due date')).toBe('POST /a')
    expect(best(documents, 'astronomy')).toBe('POST /b')
    expect(best(documents, 'walrus')).toBe('POST /c')
  })

  it('finds operations that have neither path nor method', () => {
    const tool = {
      description: 'Sends a message to a channel.',
      parameters: [],
      tags: [],
      deprecated: false,
    }
    const documents = [
      {
        ...tool,
        name: 'read_history',
        description: 'Reads messages.',
        readOnly: true,
        destructive: false,
      },
      { ...tool, name: 'send_message', readOnly: false, destructive: false },
    ]

    const [hit] = find([aTarget('chat', documents)], 'post to a channel').items

    expect(hit?.ordinal).toBe(1)
  })

  it('prefers what is not outdated', () => {
    const documents = [
      aDocument('GET', '/teams/{id}', { summary: 'Get a team (Legacy)' }),
      aDocument('GET', '/orgs/{org}/teams/{slug}', { summary: 'Get a team' }),
    ]

    expect(best(documents, 'get a team')).toBe('GET /orgs/{org}/teams/{slug}')
  })

  it('shows nothing that is not allowed, counts nothing of it, and lets it displace nothing', () => {
    const target = aTarget('api', issues, { allows: (ordinal) => ordinal !== 1 })

    const { items, total } = find([target], 'create an issue')

    expect(items.map(({ ordinal }) => ordinal)).not.toContain(1)
    expect(items[0]?.ordinal).toBe(5)
    expect(total).toBe(items.length)
  })

  it('answers from several integrations together', () => {
    const pods = aTarget('cluster', [aDocument('GET', '/pods', { summary: 'List pods' })])

    expect(find([aTarget('api', issues), pods], 'list pods').items[0]).toMatchObject({
      key: 'cluster',
      ordinal: 0,
    })
  })

  it('prefers the integration that is named', () => {
    const targets = [aTarget('acme', issues), aTarget('x/1', issues, { integration: 'globex-api' })]

    expect(find(targets, 'globex create issue').items[0]).toMatchObject({ key: 'x/1', ordinal: 1 })
    expect(find(targets, 'acme create issue').items[0]).toMatchObject({ key: 'acme', ordinal: 1 })
  })

  it('keeps the order of integrations and operations where answers are equally good', () => {
    const twins = [
      aDocument('GET', '/x', { summary: 'Get rates' }),
      aDocument('GET', '/y', { summary: 'Get rates' }),
    ]

    const { items } = find([aTarget('one', twins), aTarget('two', twins)], 'rates')

    expect(items.map(({ key, ordinal }) => `${key} ${ordinal}`)).toEqual([
      'one 0',
      'one 1',
      'two 0',
      'two 1',
    ])
  })

  it('searches one namespace where one is given', () => {
    const targets = [aTarget('one', issues), aTarget('two', issues)]

    const { items } = find(targets, 'create an issue', { namespace: 'two' })

    expect(new Set(items.map(({ key }) => key))).toEqual(new Set(['two']))
  })

  it('goes through the answers page by page', () => {
    const target = aTarget('api', issues)
    const whole = find([target], 'issue')

    const pages = [0, 3, 6].flatMap((offset) => find([target], 'issue', { limit: 3, offset }).items)

    expect(pages).toEqual(whole.items)
    expect(whole.total).toBe(whole.items.length)
  })

  it('lists everything allowed where nothing is asked for', () => {
    const target = aTarget('api', issues, { allows: (ordinal) => ordinal !== 0 })

    expect(find([target], ' the ', { limit: 2, offset: 1 })).toEqual({
      items: [
        { key: 'api', ordinal: 2, score: 0 },
        { key: 'api', ordinal: 3, score: 0 },
      ],
      total: 7,
    })
  })

  it('answers nothing where nothing fits', () => {
    const none = { items: [], total: 0 }

    expect(find([aTarget('api', issues)], 'xylophone')).toEqual(none)
    expect(find([], 'create an issue')).toEqual(none)
    expect(find([aTarget('api', [])], 'create an issue')).toEqual(none)
  })

  it('takes any text for a question', () => {
    const targets = [aTarget('api', issues)]

    for (const query of [
      'constructor __proto__',
      '\u0000\ud800',
      '((((',
      '💥 issue',
      'ß'.repeat(1000),
    ])
      expect(() => find(targets, query)).not.toThrow()
  })
})

import { describe, expect, it } from 'vitest'
import type { RawOperation } from './parts.ts'
import { nameOperations, toCamelCase } from './tool-names.ts'

function raw(method: string, path: string, value: Record<string, unknown> = {}): RawOperation {
  const document = { url: null, root: {}, dialect: '3.0' as const }
  return { method, path, document, value, pathItem: {}, pathDocument: document }
}

describe('nameOperations', () => {
  it.each([
    [
      'GET',
      '/pet/findByStatus',
      { operationId: 'findPetsByStatus', tags: ['pet'] },
      'pet.findPetsByStatus',
    ],
    [
      'POST',
      '/repos/{owner}/{repo}/issues',
      { operationId: 'issues/create', tags: ['issues'] },
      'issues.create',
    ],
    ['GET', '/zones', { operationId: 'zones-list', tags: ['Zones'] }, 'zones.zonesList'],
    ['GET', '/a', { operationId: 'users.list.all', tags: ['users'] }, 'users.listAll'],
    ['GET', '/v1/charges', { operationId: 'GetCharges' }, 'charges.getCharges'],
    [
      'GET',
      '/api/v2/HTTPStatus/{id}',
      { operationId: 'read_HTTPStatus' },
      'httpStatus.readHttpStatus',
    ],
    ['GET', '/{id}', {}, 'root.getId'],
    ['GET', '/', {}, 'root.get'],
    ['GET', '/pets/{petId}', { tags: ['pets'] }, 'pets.getPetsPetId'],
    ['GET', '/pets', { operationId: 'pets', tags: ['pets'] }, 'pets.getOperation'],
    ['GET', '/pets/toys', { operationId: 'pets', tags: ['pets'] }, 'pets.getToys'],
    ['GET', '/x', { operationId: 'run', tags: ['', ' My Group '] }, 'myGroup.run'],
    ['GET', '/x', { operationId: '日本', tags: ['商品'] }, 'tool.getX'],
    ['GET', '/x', { 'x-executor-toolPath': 'pets.find one.now' }, 'pets.find_one.now'],
  ])('calls %s %s %j "%s"', (method, path, value, name) => {
    expect(nameOperations([raw(method, path, value)])).toEqual([name])
  })

  it('tells versions apart first, then methods', () => {
    const id = { operationId: 'list', tags: ['users'] }

    expect(nameOperations([raw('GET', '/v1/users', id), raw('GET', '/v2/users', id)])).toEqual([
      'users.v1.list',
      'users.v2.list',
    ])
    expect(nameOperations([raw('GET', '/users', id), raw('POST', '/users', id)])).toEqual([
      'users.listGet',
      'users.listPost',
    ])
  })

  it('falls back to a hash of what tells operations apart', () => {
    const id = { operationId: 'list', tags: ['users'] }

    const names = nameOperations([raw('GET', '/a', id), raw('GET', '/b', id)])

    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name).toMatch(/^users\.listGet[0-9a-z]{8}$/)
  })

  it('names each operation the same whatever the order of the document', () => {
    const id = { operationId: 'list', tags: ['users'] }
    const operations = [
      raw('GET', '/a', id),
      raw('POST', '/a', id),
      raw('GET', '/v1/a', id),
      raw('GET', '/b', id),
    ]

    const forwards = nameOperations(operations)
    const backwards = nameOperations(operations.toReversed()).toReversed()

    expect(backwards).toEqual(forwards)
    expect(new Set(forwards).size).toBe(4)
  })

  it('keeps names within bounds and unique', () => {
    const long = 'verylong'.repeat(200)

    const names = nameOperations([
      raw('GET', '/a', { operationId: `${long}A`, tags: [long] }),
      raw('GET', '/b', { operationId: `${long}B`, tags: [long] }),
    ])

    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name.length).toBeLessThanOrEqual(256)
  })
})

describe('toCamelCase', () => {
  it.each([
    ['get-http-status', 'getHttpStatus'],
    ['GetHTTPStatus', 'getHttpStatus'],
    ['user_id2', 'userId2'],
    ['  ', 'tool'],
    ['constructor', 'constructor'],
  ])('writes %j as %j', (text, expected) => {
    expect(toCamelCase(text)).toBe(expected)
  })
})

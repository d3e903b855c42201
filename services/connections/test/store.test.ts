import type { HealthCheckResult } from '@executor/contracts'
import { databaseFactories } from '@executor/storage/testing'
import { describe, expect, it } from 'vitest'
import type { SecretRow } from '../src/providers/encrypted.ts'
import { aStore } from './a-store.ts'
import { aConnectionRow as aRow } from './rows.ts'

function aSecret(given: Partial<SecretRow> = {}): SecretRow {
  return {
    tenant: 'acme',
    owner: 'org',
    subject: '',
    id: 'item-1',
    keyId: 'k1',
    sealed: 'v1.x',
    createdAt: 1_750_000_000_000,
    ...given,
  }
}

describe.each(databaseFactories())('the store on $engine', ({ create, engine }) => {
  it('answers what was inserted, as it was', async () => {
    const store = await aStore(create)
    const health: HealthCheckResult = { status: 'expired', httpStatus: 401, checkedAt: 5 }
    const row = aRow({ lastHealth: health, oauthClientOwner: 'user', refreshItemId: 'r' })

    const isInserted = await store.insertConnection(row)

    expect(isInserted).toBe(true)
    expect(await store.findConnection(row)).toEqual(row)
  })

  it('says whether others write too', async () => {
    const store = await aStore(create)

    expect(store.isSoleWriter).toBe(engine === 'sqlite')
  })

  it('takes a name once per owner', async () => {
    const store = await aStore(create)
    await store.insertConnection(aRow())

    const again = await store.insertConnection(aRow({ id: 'c2' }))
    const ofAlice = await store.insertConnection(
      aRow({ id: 'c3', owner: 'user', subject: 'alice' }),
    )
    const ofBob = await store.insertConnection(aRow({ id: 'c4', owner: 'user', subject: 'bob' }))

    expect([again, ofAlice, ofBob]).toEqual([false, true, true])
  })

  it('lets one of many inserts of a name through', async () => {
    const store = await aStore(create)

    const inserted = await Promise.all(
      Array.from({ length: 10 }, (_, index) => store.insertConnection(aRow({ id: `c${index}` }))),
    )

    expect(inserted.filter(Boolean)).toHaveLength(1)
  })

  it('replaces only what was read', async () => {
    const store = await aStore(create)
    const row = aRow()
    await store.insertConnection(row)
    const change = { ...row, revision: 'r2', itemIds: { token: 'item-2' }, updatedAt: 9 }

    const outcomes = [
      await store.replaceConnection(change, { ...row, revision: 'r0' }),
      await store.replaceConnection(change, { ...row, updatedAt: 1 }),
      await store.replaceConnection(change, row),
      await store.replaceConnection(change, row),
    ]

    expect(outcomes).toEqual([false, false, true, false])
    expect(await store.findConnection(row)).toEqual(change)
  })

  it('changes labels one by one', async () => {
    const store = await aStore(create)
    const row = aRow({ identityLabel: 'me' })
    await store.insertConnection(row)

    const relabelled = await store.relabelConnection(row, { description: null }, 7)
    const unknown = await store.relabelConnection({ ...row, name: 'play' }, {}, 7)

    expect(relabelled).toEqual({ ...row, description: null, updatedAt: 7 })
    expect(unknown).toBeNull()
  })

  it('keeps health with the credential that was checked', async () => {
    const store = await aStore(create)
    const row = aRow()
    await store.insertConnection(row)

    await store.saveHealth(row, { status: 'healthy', checkedAt: 1 })
    await store.saveHealth({ ...row, revision: 'r0' }, { status: 'expired', checkedAt: 2 })

    const kept = await store.findConnection(row)
    expect(kept?.lastHealth).toEqual({ status: 'healthy', checkedAt: 1 })
  })

  it('removes only what was read', async () => {
    const store = await aStore(create)
    const row = aRow()
    await store.insertConnection(row)

    const outcomes = [
      await store.removeConnection({ ...row, revision: 'r0' }),
      await store.removeConnection(row),
      await store.removeConnection(row),
    ]

    expect(outcomes).toEqual([false, true, false])
    expect(await store.findConnection(row)).toBeNull()
  })

  it('shows nobody the rows of others', async () => {
    const store = await aStore(create)
    await store.insertConnection(aRow({ id: 'c1', name: 'shared' }))
    await store.insertConnection(aRow({ id: 'c2', name: 'a', owner: 'user', subject: 'alice' }))
    await store.insertConnection(aRow({ id: 'c3', name: 'b', owner: 'user', subject: 'bob' }))
    await store.insertConnection(aRow({ id: 'c4', tenant: 'other' }))
    const names = async (filter: Parameters<typeof store.listConnections>[0]) =>
      (await store.listConnections(filter)).map(({ name }) => name)

    expect(await names({ tenant: 'acme', subject: 'alice' })).toEqual(['shared', 'a'])
    expect(await names({ tenant: 'acme', subject: '' })).toEqual(['shared'])
    expect(await names({ tenant: 'acme', subject: '', owner: 'user' })).toEqual([])
    expect(await names({ tenant: 'acme', subject: 'bob', owner: 'user' })).toEqual(['b'])
    expect(await names({ tenant: 'nobody', subject: 'alice' })).toEqual([])
  })

  it('goes on behind a cursor, in one order', async () => {
    const store = await aStore(create)
    const places = [
      ['github', 'org', 'b'],
      ['github', 'user', 'a'],
      ['linear', 'org', 'a'],
      ['github', 'org', 'a'],
    ] as const
    for (const [index, [integration, owner, name]] of places.entries()) {
      const subject = owner === 'user' ? 'alice' : ''
      await store.insertConnection(aRow({ id: `c${index}`, integration, owner, name, subject }))
    }
    const filter = { tenant: 'acme', subject: 'alice' }

    const first = await store.listConnections({ ...filter, limit: 2 })
    const rest = await store.listConnections({ ...filter, after: first[1] })

    expect(first.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(rest.map(({ integration, owner }) => [integration, owner])).toEqual([
      ['github', 'user'],
      ['linear', 'org'],
    ])
  })

  it('finds several by their keys', async () => {
    const store = await aStore(create)
    await store.insertConnection(aRow({ id: 'c1', name: 'a' }))
    await store.insertConnection(aRow({ id: 'c2', name: 'b' }))

    const found = await store.findConnections([aRow({ name: 'b' }), aRow({ name: 'z' })])

    expect(found.map(({ id }) => id)).toEqual(['c2'])
  })

  it('takes an integration’s connections page by page', async () => {
    const store = await aStore(create)
    for (let index = 0; index < 5; index += 1) {
      await store.insertConnection(aRow({ id: `c${index}`, name: `n${index}` }))
    }
    await store.insertConnection(aRow({ id: 'kept', integration: 'linear' }))

    const sizes = []
    for (let round = 0; round < 3; round += 1) {
      sizes.push((await store.takeIntegrationConnections('acme', 'github', 3)).length)
    }

    expect(sizes).toEqual([3, 2, 0])
    expect(await store.listConnections({ tenant: 'acme', subject: '' })).toHaveLength(1)
  })

  it('keeps null characters out of texts', async () => {
    const store = await aStore(create)
    const row = aRow({ identityLabel: 'a\0b' })

    await store.insertConnection(row)

    expect((await store.findConnection(row))?.identityLabel).toBe('ab')
    expect(await store.findConnection({ ...row, name: 'wo\0rk' })).toBeNull()
    expect(await store.listConnections({ tenant: 'acme', subject: '', integration: '\0' })).toEqual(
      [],
    )
  })

  it('finds a sealed value in its own place alone', async () => {
    const store = await aStore(create)
    const secret = aSecret()
    await store.insertSecret(secret)

    expect(await store.findSecret(secret)).toEqual(secret)
    expect(await store.findSecret({ ...secret, tenant: 'other' })).toBeNull()
    expect(await store.findSecret({ ...secret, owner: 'user', subject: 'eve' })).toBeNull()
  })

  it('removes sealed values, however many', async () => {
    const store = await aStore(create)
    const secrets = Array.from({ length: 210 }, (_, index) => aSecret({ id: `i${index}` }))
    for (const secret of secrets) await store.insertSecret(secret)

    await store.removeSecrets(secrets.slice(0, 209))
    await store.removeSecrets([])

    const left = await store.listSecrets({ limit: 10 })
    expect(left.map(({ id }) => id)).toEqual(['i209'])
  })

  it('names a key that is in use and not among the given', async () => {
    const store = await aStore(create)
    const none = await store.findOtherKeyId([])
    await store.insertSecret(aSecret())

    expect(none).toBeNull()
    expect(await store.findOtherKeyId([])).toBe('k1')
    expect(await store.findOtherKeyId(['k1'])).toBeNull()
    expect(await store.findOtherKeyId(['k2', 'k3'])).toBe('k1')
  })

  it('pages through sealed values, those it goes on behind being gone or not', async () => {
    const store = await aStore(create)
    for (const id of ['a', 'b', 'c', 'd']) await store.insertSecret(aSecret({ id, keyId: id }))
    const [first] = await store.listSecrets({ limit: 1 })
    if (!first) return expect.unreachable()
    await store.removeSecrets([first])

    const rest = await store.listSecrets({ limit: 9, after: first, exceptKeyId: 'c' })

    expect(rest.map(({ id }) => id)).toEqual(['b', 'd'])
    expect(await store.listSecrets({ limit: 9, createdBefore: 1_750_000_000_000 })).toEqual([])
  })

  it('reseals a value once', async () => {
    const store = await aStore(create)
    await store.insertSecret(aSecret())
    const resealed = aSecret({ keyId: 'k2', sealed: 'v1.y' })

    const outcomes = [
      await store.resealSecret(resealed, 'k1'),
      await store.resealSecret(resealed, 'k1'),
    ]

    expect(outcomes).toEqual([true, false])
    expect(await store.findSecret(resealed)).toEqual(resealed)
  })
})

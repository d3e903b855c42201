import { databaseFactories } from '@executor/storage/testing'
import { describe, expect, it } from 'vitest'
import type { OauthClientRow } from '../src/oauth/client.ts'
import type { OauthSessionRow } from '../src/oauth/session.ts'
import { aStore } from './a-store.ts'
import { aConnectionRow } from './rows.ts'

function aClient(given: Partial<OauthClientRow> = {}): OauthClientRow {
  return {
    id: 'o1',
    tenant: 'acme',
    owner: 'org',
    subject: '',
    slug: 'app',
    grant: 'authorization_code',
    clientId: 'id',
    secretProvider: 'encrypted',
    secretItemId: 'oauth-client:org:app:r1:secret',
    authMethod: 'auto',
    authorizationUrl: 'https://login.example.com/auth',
    tokenUrl: 'https://login.example.com/token',
    revocationUrl: null,
    issuer: 'https://login.example.com',
    resource: null,
    redirectUri: null,
    originKind: 'manual',
    originIntegration: null,
    createdAt: 1,
    updatedAt: 1,
    ...given,
  }
}

function aSession(given: Partial<OauthSessionRow> = {}): OauthSessionRow {
  return {
    id: 's1',
    tenant: 'acme',
    stateHash: 'hash',
    owner: 'org',
    subject: '',
    startedBy: 'alice',
    integration: 'github',
    name: 'work',
    template: 'oauth2',
    identityLabel: null,
    description: null,
    clientId: 'o1',
    redirectUri: 'https://executor.example.com/api/oauth/callback',
    provider: 'encrypted',
    verifierItemId: 'oauth-session:s1:verifier',
    scope: 'a b',
    resource: null,
    server: { issuer: null, authorizationUrl: 'https://l/a', tokenUrl: 'https://l/t' },
    status: 'pending',
    failureReason: null,
    failureMessage: null,
    expiresAt: 100,
    createdAt: 1,
    ...given,
  }
}

describe.each(databaseFactories())('what OAuth keeps on $engine', ({ create }) => {
  it('answers a client as it was, to its owner', async () => {
    const store = await aStore(create)
    const ofAlice = aClient({ id: 'o2', owner: 'user', subject: 'alice' })

    const inserted = [
      await store.insertOauthClient(aClient()),
      await store.insertOauthClient(aClient({ id: 'o3' })),
      await store.insertOauthClient(ofAlice),
    ]

    expect(inserted).toEqual([true, false, true])
    expect(await store.findOauthClientById('o1')).toEqual(aClient())
    expect(await store.listOauthClients('acme', 'alice')).toEqual([aClient(), ofAlice])
    expect(await store.listOauthClients('acme', '')).toEqual([aClient()])
    expect(await store.listOauthClients('other', 'alice')).toEqual([])
  })

  it('replaces a client only where it is what was read', async () => {
    const store = await aStore(create)
    await store.insertOauthClient(aClient())
    const change = aClient({ clientId: 'other', updatedAt: 2 })

    const replaced = [
      await store.replaceOauthClient(change, aClient()),
      await store.replaceOauthClient(change, aClient()),
    ]
    await store.learnOauthClient('o1', { authMethod: 'client_secret_basic' })

    expect(replaced).toEqual([true, false])
    expect(await store.findOauthClient(aClient())).toEqual({
      ...change,
      authMethod: 'client_secret_basic',
    })
  })

  it('knows what hangs on a client', async () => {
    const store = await aStore(create)
    await store.insertOauthClient(aClient())
    const isUsed = () => store.isOauthClientUsed(aClient(), 50)
    const before = await isUsed()
    await store.insertOauthSession(aSession())
    const bySession = await isUsed()
    await store.endOauthSession('s1', { status: 'connected' }, 100)
    const afterSession = await isUsed()
    await store.insertConnection(aConnectionRow({ oauthClient: 'app', oauthClientOwner: 'org' }))

    expect([before, bySession, afterSession, await isUsed()]).toEqual([false, true, false, true])
    expect(await store.isOauthClientUsed(aClient({ owner: 'user', subject: 'bob' }), 50)).toBe(
      false,
    )
  })

  it('lets one take a session, and forgets it when it is over', async () => {
    const store = await aStore(create)
    await store.insertOauthSession(aSession())
    await store.insertOauthSession(aSession({ id: 's2', stateHash: 'other', expiresAt: 200 }))
    const found = await store.findOauthSession('hash')

    const taken = await Promise.all(Array.from({ length: 5 }, () => store.takeOauthSession('s1')))
    const expired = await store.takeExpiredOauthSessions(100, 10)

    expect(found).toEqual(aSession())
    expect(taken.filter(Boolean)).toHaveLength(1)
    expect(expired.map(({ id }) => id)).toEqual(['s1'])
    expect(await store.findOauthSession('hash')).toBeNull()
    expect(await store.findOauthSession('other')).not.toBeNull()
  })

  it('lets one of many replace a token, and another once that one is given up', async () => {
    const store = await aStore(create)
    const row = aConnectionRow()
    await store.insertConnection(row)
    const claimOf = (id: string) => ({ id, revision: row.revision, endsAt: 60 })

    const claimed = await Promise.all(
      ['a', 'b', 'c', 'd'].map((id) => store.claimRefresh(row, claimOf(id), 1)),
    )
    const winner = claimOf(['a', 'b', 'c', 'd'][claimed.indexOf(true)] ?? '')
    const late = await store.claimRefresh(row, { ...claimOf('e'), endsAt: 120 }, 60)
    const renewed = { ...row, revision: 'r2', refreshClaim: null, refreshClaimEnds: null }
    const saved = [
      await store.saveRefreshed(renewed, winner),
      await store.saveRefreshed(renewed, claimOf('e')),
      await store.saveRefreshed(renewed, claimOf('e')),
    ]

    expect(claimed.filter(Boolean)).toHaveLength(1)
    expect(late).toBe(true)
    expect(saved).toEqual([false, true, false])
    expect(await store.findConnection(row)).toEqual(renewed)
  })

  it('gives back what a process that died had claimed', async () => {
    const store = await aStore(create)
    const row = aConnectionRow()
    const claimOf = (id: string) => ({ id, revision: row.revision, endsAt: 60 })
    await store.insertConnection(row)
    await store.claimRefresh(row, claimOf('dead'), 1)

    await store.releaseRefreshes()

    expect(await store.claimRefresh(row, claimOf('alive'), 2)).toBe(true)
  })

  it('replaces tokens, and not what people wrote meanwhile', async () => {
    const store = await aStore(create)
    const row = aConnectionRow()
    const claim = { id: 'a', revision: row.revision, endsAt: 60 }
    await store.insertConnection(row)
    await store.claimRefresh(row, claim, 1)

    await store.relabelConnection(row, { description: 'Mine', identityLabel: 'me' }, 5)
    const saved = await store.saveRefreshed({ ...row, revision: 'r2' }, claim)

    expect(saved).toBe(true)
    expect(await store.findConnection(row)).toMatchObject({
      revision: 'r2',
      description: 'Mine',
      identityLabel: 'me',
    })
  })

  it('keeps what a grant lacks', async () => {
    const store = await aStore(create)
    const row = aConnectionRow({ consent: 'c1' })
    await store.insertConnection(row)

    await store.saveMissingScopes({ ...row, consent: 'c0' }, ['x'])
    await store.saveMissingScopes(row, ['a', 'b'])

    expect(await store.findConnection(row)).toMatchObject({ missingScopes: ['a', 'b'] })
  })
})

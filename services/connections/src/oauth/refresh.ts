import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '@executor/contracts'
import { unknownConnection } from '../access.ts'
import type { ConnectionRow, RefreshClaim } from '../connection.ts'
import { toItem } from '../credentials.ts'
import type { ConnectionsDeps } from '../deps.ts'
import type { Events } from '../events.ts'
import { removeItems, writeTokens } from '../save-connection.ts'
import type { OauthClientRow } from './client.ts'
import { openClientSecret } from './client-secret.ts'
import { dueAt } from './due-at.ts'
import { clientOf } from './find-client.ts'
import { createOutbound, isPassing, TOKEN_MS, within } from './outbound.ts'
import { refusalOf } from './refusal.ts'
import { lacking, parseScope, unite } from './scopes.ts'
import { requestTokens, type TokenGrant, type Tokens } from './tokens.ts'

/** Longer than a token call takes, clocks that differ between machines included. */
const CLAIM_MS = TOKEN_MS + 10_000
/** Milliseconds between two looks at a row that somebody else is about to change. */
const LOOK_MS = 150
/** Milliseconds to wait for them: until a claim that nobody gives back has ended. */
const WAIT_MS = CLAIM_MS + 2_000
/** Milliseconds for which a server that was out of reach is not asked again, while a token is valid. */
const PAUSE_MS = 5_000
/** Others that give up, or change the connection, while we wait. */
const ROUNDS_MAX = 4

export type Refresh = (row: ConnectionRow, refused?: string) => Promise<ConnectionRow>

type RefreshDeps = Pick<
  ConnectionsDeps,
  'store' | 'providers' | 'egress' | 'clock' | 'newId' | 'log'
> & { events: Events; drop(row: ConnectionRow, revision: string): void }

/**
 * Keeps tokens valid. One replaces them and all others wait, in this process and among all that share
 * the database: servers that rotate refresh tokens take the second use of one for theft.
 */
export function createRefresh(deps: RefreshDeps): Refresh {
  const { store, clock } = deps
  const underWay = new Map<string, Promise<Round>>()
  const pauses = new Map<string, number>()

  async function attempt(row: ConnectionRow): Promise<Round> {
    const client = await clientOf(deps, row)
    const isRenewable = row.refreshItemId !== null || client?.grant === 'client_credentials'
    if (!client || !isRenewable) {
      if (isOver(row, clock())) throw signInAgain(row)
      return { row, isSettled: true }
    }
    const endsAt = clock() + CLAIM_MS
    const claim = { id: deps.newId(), revision: row.revision, endsAt }
    if (!(await store.claimRefresh(row, claim, clock()))) return waitForOther(row)
    try {
      const renewed = await renew(deps, row, client, claim)
      pauses.delete(row.id)
      return { row: renewed, isSettled: true }
    } catch (error) {
      await store.releaseRefresh(row, claim)
      if (!isPassing(error)) throw error
      pauses.set(row.id, clock() + PAUSE_MS)
      if (!isOver(row, clock())) return { row, isSettled: true }
      throw unreachable(row, error)
    }
  }

  /** Whoever has the claim saves another revision, gives it back, or is gone by its end. */
  async function waitForOther(row: ConnectionRow): Promise<Round> {
    const patience = AbortSignal.timeout(WAIT_MS)
    while (!patience.aborted) {
      const current = await store.findConnection(row)
      if (!current) throw unknownConnection(row)
      const isClaimed = (current.refreshClaimEnds ?? 0) > clock()
      if (current.revision !== row.revision || !isClaimed) return { row: current, isSettled: false }
      await sleep(LOOK_MS)
    }
    if (!isOver(row, clock())) return { row, isSettled: true }
    throw unreachable(row)
  }

  function isPaused(row: ConnectionRow): boolean {
    const until = pauses.get(row.id) ?? 0
    if (until <= clock()) pauses.delete(row.id)
    return until > clock() && !isOver(row, clock())
  }

  return async (row, refused) => {
    let current = row
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      if (!isDue(current, clock(), refused) || isPaused(current)) return current
      const key = `${current.id} ${current.revision}`
      const joined = underWay.get(key)
      const own = joined ?? attempt(current).finally(() => underWay.delete(key))
      if (!joined) underWay.set(key, own)
      const found = await own
      if (found.isSettled) return found.row
      current = found.row
    }
    return current
  }
}

interface Round {
  row: ConnectionRow
  /** It is not to be looked at again: it is as valid as can be had. */
  isSettled: boolean
}

function isDue(row: ConnectionRow, now: number, refused: string | undefined): boolean {
  if (row.oauthClient === null) return false
  return row.revision === refused || now >= dueAt(row)
}

function isOver({ expiresAt }: ConnectionRow, now: number): boolean {
  return expiresAt !== null && expiresAt <= now
}

async function renew(
  deps: RefreshDeps,
  row: ConnectionRow,
  client: OauthClientRow,
  claim: RefreshClaim,
): Promise<ConnectionRow> {
  const { providers, egress, clock } = deps
  const refreshToken = row.refreshItemId === null ? null : await openRefreshToken(deps, row)
  if (!refreshToken && client.grant !== 'client_credentials') throw signInAgain(row)
  const wanted = unite(parseScope(row.oauthScope), row.missingScopes)
  const resource = row.oauthResource
  const grant: TokenGrant = refreshToken
    ? { grant: 'refresh_token', refreshToken, resource }
    : { grant: 'client_credentials', scopes: wanted, resource }
  try {
    const { tokens } = await requestTokens(
      {
        client,
        secret: await openClientSecret(providers, client),
        tokenUrl: row.oauthTokenUrl ?? client.tokenUrl,
        fetch: createOutbound(egress, within(TOKEN_MS)),
        clock,
      },
      grant,
    )
    // A server that rotates none goes on with the one it gave.
    return await keep(deps, row, claim, {
      ...tokens,
      refreshToken: tokens.refreshToken ?? refreshToken,
    })
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === 'invalid_grant') {
      await forgetGrant(deps, row, claim)
      throw signInAgain(row)
    }
    if (refusal !== null) throw refused(row, refusal, error)
    throw error
  }
}

async function openRefreshToken({ providers }: RefreshDeps, row: ConnectionRow) {
  const provider = providers.find(row.provider)
  return (await provider?.get(toItem(row, row.refreshItemId ?? ''))) ?? null
}

/** Swaps the tokens in with one change of the row; what a failure leaves behind, upkeep removes. */
async function keep(
  deps: RefreshDeps,
  row: ConnectionRow,
  claim: RefreshClaim,
  tokens: Tokens,
): Promise<ConnectionRow> {
  const { store, providers, clock, newId } = deps
  const revision = newId()
  const { accessToken: access, refreshToken: refresh } = tokens
  const { written, ...held } = await writeTokens(
    providers.store,
    row,
    { access, refresh },
    revision,
  )
  const scope = tokens.scope ?? row.oauthScope
  const renewed: ConnectionRow = {
    ...row,
    ...held,
    provider: providers.store.key,
    revision,
    expiresAt: tokens.expiresAt,
    oauthScope: scope,
    missingScopes: lacking(row.missingScopes, parseScope(scope)),
    refreshClaim: null,
    refreshClaimEnds: null,
    updatedAt: clock(),
  }
  if (!(await store.saveRefreshed(renewed, claim))) {
    // Somebody signed in anew, or removed it, meanwhile.
    await removeItems(deps, providers.store.key, written)
    const current = await store.findConnection(row)
    if (current) return current
    throw signInAgain(row)
  }
  deps.drop(row, row.revision)
  const replaced = [
    ...Object.values(row.itemIds),
    ...(row.refreshItemId ? [row.refreshItemId] : []),
  ]
  await removeItems(
    deps,
    row.provider,
    replaced.map((id) => toItem(row, id)),
  )
  deps.log.info(
    { tenant: row.tenant, owner: row.owner, integration: row.integration, connection: row.name },
    'token replaced',
  )
  return renewed
}

/** The server knows the grant no longer: nobody asks again, and everybody sees it. */
async function forgetGrant(
  deps: RefreshDeps,
  row: ConnectionRow,
  claim: RefreshClaim,
): Promise<void> {
  const checkedAt = deps.clock()
  const detail = 'The sign-in is over. Sign in again.'
  const over: ConnectionRow = {
    ...row,
    refreshItemId: null,
    expiresAt: Math.min(row.expiresAt ?? checkedAt, checkedAt),
    refreshClaim: null,
    refreshClaimEnds: null,
    lastHealth: { status: 'expired', checkedAt, detail },
    updatedAt: checkedAt,
  }
  if (!(await deps.store.saveRefreshed(over, claim))) return
  deps.drop(row, row.revision)
  if (row.refreshItemId) await removeItems(deps, row.provider, [toItem(row, row.refreshItemId)])
  deps.events.changed(over, 'updated')
}

function placeOf({ owner, integration, name }: ConnectionRow) {
  return { owner, integration, name }
}

function signInAgain(row: ConnectionRow): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'oauth_reauth_required',
    `The sign-in behind the connection "${row.name}" for ${row.integration} is over. A person has to sign in again.`,
    { details: placeOf(row) },
  )
}

function refused(row: ConnectionRow, code: string, cause: unknown): ServiceError {
  return new ServiceError(
    'failed_precondition',
    'oauth_refresh_failed',
    `The token of the connection "${row.name}" for ${row.integration} could not be replaced: its server answers ${code}. Sign in again, or look at the app that is registered there.`,
    { cause, details: { ...placeOf(row), error: code } },
  )
}

function unreachable(row: ConnectionRow, cause?: unknown): ServiceError {
  return new ServiceError(
    'unavailable',
    'oauth_refresh_failed',
    `The token of the connection "${row.name}" for ${row.integration} is over, and its authorization server cannot be reached. Try again later.`,
    { cause, details: placeOf(row) },
  )
}

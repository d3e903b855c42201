import { ServiceError } from '@executor/contracts'
import { orAborted } from '../../or-aborted.ts'
import type { Access } from '../protocol.ts'
import { accountOf, keyOf, type Place, placeOf, type SessionAccount } from './account.ts'
import { ConnectFailure, connect, type Reach, type Session, type Target } from './connect.ts'
import type { McpCredential } from './credential.ts'
import { configOf } from './plan.ts'
import { type PoolNews, toServerNews } from './pool-news.ts'
import { createRestarts } from './restarts.ts'

/** A session while somebody uses it. */
export interface Lease {
  readonly session: Session
  /** Opened for this lease. */
  readonly isFresh: boolean
  release(): void
  /** Nobody gets this session any more: its server knows it no longer, and may offer something else. */
  drop(): void
}

/** What a session is wanted for: a call keeps it open for a while, a look at the server does not. */
export type Purpose = 'call' | 'look'

/** Which sessions end: those of a connection or of an integration, at other revisions than these. */
export type Stale = Partial<Place> &
  Pick<Place, 'tenant' | 'integration'> & { revision?: string; consent?: string }

/** Sessions with servers: one for each account, shared by all who call through it. */
export interface Pool {
  lease(access: Access, credential: McpCredential, purpose: Purpose): Promise<Lease>
  /** Ends sessions that no call may use any more; calls under way are finished first. */
  retire(stale: Stale): void
  /** Connections that have a session. */
  places(filter: Pick<Place, 'tenant' | 'integration'>): SessionAccount[]
  close(): Promise<void>
}

export interface PoolLimits {
  idleMs?: number
  sessionsMax?: number
  connectMs?: number
}

export interface PoolOptions extends PoolLimits {
  reach: Reach
  news: PoolNews
}

/** Milliseconds without a call after which a session ends. */
const IDLE_MS = 5 * 60_000
/** Over HTTP and by processes together; each costs memory, a process far more of it. */
const SESSIONS_MAX = 256
/** Openings by others, with an older token, that one call waits for in vain. */
const OTHERS_MAX = 3
/** Milliseconds to reach a server; one that is started may have to be downloaded first. */
const CONNECT_MS = 60_000

interface Entry {
  key: string
  account: SessionAccount
  target: Target
  /** What it is opened with. */
  openedWith: McpCredential
  opening: Promise<Session>
  /** Null while it is being opened. */
  session: Session | null
  users: number
  /** Milliseconds since the epoch of the last call. */
  usedAt: number
  isRetired: boolean
  /** We ended it; whatever else ends it is its own doing. */
  isEnded: boolean
  timer?: NodeJS.Timeout
}

export function createPool(options: PoolOptions): Pool {
  const { reach, news, idleMs = IDLE_MS, sessionsMax = SESSIONS_MAX } = options
  const entries = new Map<string, Entry>()
  const restarts = createRestarts()
  const closing = new AbortController()
  /** Everything that is open, retired sessions that are still used included. */
  const open = new Set<Session>()

  function targetOf(access: Access, credential: McpCredential, own: SessionAccount | null): Target {
    const target: Target = {
      config: configOf(access.settings),
      credential,
      egress: access.egress,
      news: toServerNews(news, own, () => target.credential.secrets),
    }
    return target
  }

  async function dial(target: Target, signal?: AbortSignal): Promise<Session> {
    const limit = AbortSignal.timeout(options.connectMs ?? CONNECT_MS)
    const signals = [closing.signal, limit, ...(signal ? [signal] : [])]
    const session = await connect(target, reach, AbortSignal.any(signals))
    open.add(session)
    return session
  }

  function enter(access: Access, credential: McpCredential, account: SessionAccount): Entry {
    makeRoom()
    const key = keyOf(account)
    restarts.assertAllowed(key)
    const target = targetOf(access, credential, account)
    const opening = dial(target)
    const entry: Entry = {
      key,
      account,
      target,
      openedWith: credential,
      opening,
      session: null,
      users: 0,
      usedAt: Date.now(),
      isRetired: false,
      isEnded: false,
    }
    entries.set(key, entry)
    opening.then(
      (session) => onOpened(entry, session),
      (error: unknown) => {
        forget(entry)
        restarts.failed(key, error)
      },
    )
    // A connection has one session: what was opened with an older credential has had its time.
    const place = placeOf(account)
    for (const other of [...entries.values()])
      if (other !== entry && placeOf(other.account) === place) retireEntry(other)
    return entry
  }

  function onOpened(entry: Entry, session: Session): void {
    entry.session = session
    const openedAt = Date.now()
    const onClosed = () => {
      open.delete(session)
      forget(entry)
      if (session.ending && !entry.isEnded) restarts.ended(entry.key, Date.now() - openedAt)
    }
    session.onClosed = onClosed
    if (session.isClosed) onClosed()
    else rest(entry)
  }

  function forget(entry: Entry): void {
    clearTimeout(entry.timer)
    if (entries.get(entry.key) === entry) entries.delete(entry.key)
  }

  /** Starts the clock of a session that nobody uses. */
  function rest(entry: Entry): void {
    clearTimeout(entry.timer)
    if (entry.users > 0) return
    const leftMs = entry.isRetired ? 0 : entry.usedAt + idleMs - Date.now()
    if (leftMs <= 0) end(entry)
    else entry.timer = setTimeout(() => end(entry), leftMs).unref()
  }

  function end(entry: Entry): void {
    forget(entry)
    entry.isEnded = true
    entry.session?.close().catch((error: Error) => news.onError(entry.account, error.message))
  }

  function retireEntry(entry: Entry): void {
    entry.isRetired = true
    forget(entry)
    if (entry.session) rest(entry)
  }

  function makeRoom(): void {
    if (entries.size < sessionsMax) return
    const idle = [...entries.values()].filter(({ users, session }) => users === 0 && session)
    const oldest = idle.sort((a, b) => a.usedAt - b.usedAt)[0]
    if (!oldest) throw full(sessionsMax)
    end(oldest)
  }

  async function leaseOnce(access: Access, credential: McpCredential): Promise<Lease> {
    const session = await dial(targetOf(access, credential, null), access.signal)
    const finish = () => {
      open.delete(session)
      session.close().catch((error: Error) => news.onError(null, error.message))
    }
    return { session, isFresh: true, release: finish, drop: () => {} }
  }

  async function leaseShared(
    access: Access,
    credential: McpCredential,
    { account, purpose }: { account: SessionAccount; purpose: Purpose },
  ): Promise<Lease> {
    for (let others = 0; ; others++) {
      const known = entries.get(keyOf(account))
      const entry = known ?? enter(access, credential, account)
      // A token that was replaced is the same account's: what is sent from now on carries the other.
      if (entry.session) entry.target.credential = credential
      entry.users++
      if (purpose === 'call') entry.usedAt = Date.now()
      clearTimeout(entry.timer)
      try {
        const session = await orAborted(entry.opening, access.signal)
        // Nobody listened to this server until now, so its tools may be others than those we know.
        if (known === undefined && purpose === 'call') news.onToolsChanged(account)
        return {
          session,
          isFresh: known === undefined,
          release: once(() => leave(entry, purpose)),
          drop: () => {
            if (purpose === 'call' && !session.isClosed) news.onToolsChanged(account)
            retireEntry(entry)
          },
        }
      } catch (error) {
        leave(entry, purpose)
        // Somebody else opened it, with a token that was replaced meanwhile.
        const isOthers = entry.openedWith !== credential && isRefused(error)
        if (!isOthers || others >= OTHERS_MAX) throw error
      }
    }
  }

  return {
    async lease(access, credential, purpose) {
      if (closing.signal.aborted) throw stopping()
      const account = accountOf(access)
      if (!account) return leaseOnce(access, credential)
      return leaseShared(access, credential, { account, purpose })
    },

    retire({ revision, consent, ...place }) {
      for (const entry of [...entries.values()]) {
        const { account } = entry
        const isMeant = Object.entries(place).every(
          ([name, value]) => account[name as keyof Place] === value,
        )
        const isCurrent =
          (revision !== undefined || consent !== undefined) &&
          account.revision === (revision ?? account.revision) &&
          account.consent === (consent ?? account.consent)
        if (isMeant && !isCurrent) retireEntry(entry)
      }
    },

    places({ tenant, integration }) {
      return [...entries.values()]
        .map(({ account }) => account)
        .filter((account) => account.tenant === tenant && account.integration === integration)
    },

    async close() {
      closing.abort()
      for (const { timer } of entries.values()) clearTimeout(timer)
      await Promise.allSettled([...entries.values()].map(({ opening }) => opening))
      await Promise.allSettled([...open].map((session) => session.close()))
      entries.clear()
    },
  }

  function leave(entry: Entry, purpose: Purpose): void {
    entry.users--
    if (purpose === 'call') entry.usedAt = Date.now()
    if (entry.session && !entry.session.isClosed) rest(entry)
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof ConnectFailure && error.exchange.refusal?.status === 401
}

function once(run: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    run()
  }
}

function full(sessionsMax: number): ServiceError {
  return new ServiceError(
    'resource_exhausted',
    'mcp_connection_failed',
    `This instance talks to ${sessionsMax} MCP servers at once, and all of them are busy. Try again later.`,
    { details: { sent: false } },
  )
}

function stopping(): ServiceError {
  return new ServiceError('unavailable', 'unavailable', 'This instance is stopping.', {
    details: { sent: false },
  })
}

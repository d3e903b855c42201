import type { Bus, CallContext, Subscription } from '@executor/bus'
import {
  connectionChanged,
  connections,
  isServiceError,
  type Owner,
  servicePrincipal,
  upstreamChanged,
} from '@executor/contracts'
import { createDiscoveries } from './discoveries.ts'
import type { compareTools } from './imports.ts'
import { keepAccountSnapshot } from './keep-account-snapshot.ts'
import { noteAccountOutcome } from './outcomes.ts'
import type { Snapshots } from './snapshots.ts'
import type { Sources } from './sources/source.ts'
import type { ConnectionKey, IntegrationRow, Store } from './store.ts'
import type { Turns } from './turns.ts'

/** One connection of an integration whose operations may depend on it. */
export interface AccountRef {
  integration: IntegrationRow
  owner: Owner
  connection: string
}

/** One whose snapshot is about to be read. */
export interface SnapshotReader extends AccountRef {
  /** When the connection was last changed. */
  changedAt: number
  snapshot: string
}

export type ToolChanges = ReturnType<typeof compareTools> & {
  toolCount: number
  heldTools?: string[]
  warnings: string[]
}

/** What accounts reach, for kinds whose operations depend on the credential. */
export interface AccountSnapshots {
  /** Points each account at what it reaches; waits a little for what was never found out. */
  apply(accounts: SnapshotReader[], context: CallContext): Promise<void>
  /** Null where the account reaches what its integration does. Waits for what was never found out. */
  find(account: AccountRef, context: CallContext): Promise<string | null>
  /** Asks the upstream now. Throws what the kind throws; then everything stays as it was. */
  refresh(account: AccountRef, context: CallContext): Promise<ToolChanges>
  /** Asks again what every account of an integration reaches, on nobody's behalf. */
  refreshAll(tenant: string, integration: IntegrationRow): Promise<void>
  /** Starts to follow what connections and upstreams tell. */
  follow(): Promise<void>
  close(): Promise<void>
}

export interface AccountSnapshotsDeps {
  store: Store
  snapshots: Snapshots
  sources: Sources
  bus: Bus
  turns: Turns
  /** Told of failures that nobody waits for and nobody expects. */
  onError(error: unknown, context: Record<string, unknown>): void
}

interface Target extends AccountRef {
  tenant: string
  subject: string
}

type ChangedAccount = ConnectionKey & { tenant: string; owner: Owner }

/** Milliseconds a list waits for accounts that nothing is known of; the others are shown. */
const LIST_WAIT_MS_MAX = 5_000
/** Milliseconds one upstream gets; a server that is started for it may be downloaded first. */
const DISCOVERY_MS_MAX = 90_000

export function createAccountSnapshots(deps: AccountSnapshotsDeps): AccountSnapshots {
  const { store, sources, bus } = deps
  const closing = new AbortController()
  const discoveries = createDiscoveries<ToolChanges>()
  const subscriptions: Subscription[] = []

  const toolsOf = (integration: IntegrationRow) => {
    const tools = sources.get(integration.kind).accountTools
    return tools?.isNeeded?.(integration) === false ? undefined : tools
  }

  async function discover(
    target: Target,
    basis: string,
    { cause, by }: Asked = NOBODY,
  ): Promise<ToolChanges> {
    const { tenant, integration, owner, connection: name } = target
    const tools = toolsOf(integration)
    if (!tools) return { ...NOTHING_CHANGED, toolCount: integration.toolCount }
    const principal = { ...servicePrincipal(tenant), subject: target.subject }
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(DISCOVERY_MS_MAX)])
    const account = { ...rowKey(target), tenant, basis }
    try {
      const source = await tools.discover(
        integration,
        { integration, owner, name },
        { principal, signal },
      )
      try {
        const kept = await keepAccountSnapshot(deps, account, source, { cause, by })
        await noteAccountOutcome(store, account, null)
        return kept
      } finally {
        source.close()
      }
    } catch (error) {
      if (!closing.signal.aborted) await noteAccountOutcome(store, account, error)
      throw error
    }
  }

  async function forget(tenant: string, key: ConnectionKey): Promise<void> {
    await deps.turns.take(tenant, async () => {
      const snapshots = await store.removeConnectionSnapshots(tenant, key)
      const { integration, owner, subject, connection } = key
      const offers = await store.removeReviews(tenant, { integration, owner, subject, connection })
      for (const hash of [...snapshots, ...offers]) await store.dropUnusedSnapshot(tenant, hash)
    })
  }

  /** Nobody waits for it: an expected failure is told to whoever asks for the tools. */
  function inBackground(work: Promise<unknown> | null, { integration }: ConnectionKey): void {
    work?.catch((error: unknown) => {
      if (isServiceError(error) || closing.signal.aborted) return
      deps.onError(error, { task: 'account tools', integration })
    })
  }

  async function changedAt(
    { tenant, subject, integration, owner, connection }: Target,
    signal: AbortSignal,
  ): Promise<number> {
    const principal = { ...servicePrincipal(tenant), subject }
    const key = { owner, integration: integration.slug, name: connection }
    return (await bus.request(connections.getConnection, key, { principal, signal })).updatedAt
  }

  async function onChanged(
    { tenant, integration: slug, owner, subject, connection }: ChangedAccount,
    isForced: boolean,
  ): Promise<void> {
    const integration = await store.findIntegration(tenant, slug)
    if (!integration || !toolsOf(integration)) return
    const target: Target = { tenant, subject, integration, owner, connection }
    const basis = basisOf(integration, await changedAt(target, closing.signal))
    const question = { key: keyOf(target), basis }
    const work = () => discover(target, basis)
    if (isForced) {
      await discoveries.restart(question, work)
      return
    }
    const known = await store.findConnectionSnapshot(tenant, rowKey(target))
    if (known?.basis !== basis) await discoveries.start(question, work)
  }

  return {
    async apply(accounts, { principal, signal }) {
      const own = accounts.filter(({ integration }) => toolsOf(integration))
      if (own.length === 0) return
      const { tenant } = principal
      const slugs = new Set(own.map(({ integration }) => integration.slug))
      const rows = await store.listConnectionSnapshots(tenant, [...slugs], principal.subject)
      const known = new Map(rows.map((row) => [keyOf({ ...row, tenant }), row]))
      const awaited: { account: SnapshotReader; target: Target; work: Promise<unknown> }[] = []
      for (const account of own) {
        const target = { ...account, tenant, subject: subjectOf(account.owner, principal) }
        const row = known.get(keyOf(target))
        if (row) account.snapshot = row.snapshot
        const basis = basisOf(account.integration, account.changedAt)
        if (row?.basis === basis && !isStale(account.integration, row.updatedAt)) continue
        const question = { key: keyOf(target), basis }
        const work = discoveries.start(question, () => discover(target, basis))
        inBackground(work, rowKey(target))
        if (work !== null && row?.basis !== basis) awaited.push({ account, target, work })
      }
      const work = awaited.map((each) => each.work)
      if (work.length > 0) await settled(work, signal, LIST_WAIT_MS_MAX)
      for (const { account, target } of awaited) {
        const row = await store.findConnectionSnapshot(tenant, rowKey(target))
        if (row) account.snapshot = row.snapshot
      }
    },

    async find({ integration, owner, connection }, { principal, signal }) {
      if (!toolsOf(integration)) return null
      const { tenant } = principal
      const subject = subjectOf(owner, principal)
      const target = { tenant, subject, integration, owner, connection }
      const row = await store.findConnectionSnapshot(tenant, rowKey(target))
      if (row?.basis.startsWith(`${integration.revision}/`)) return row.snapshot
      const at = await changedAt(target, signal).catch(nullWhenUnknown)
      if (at === null) return row?.snapshot ?? null
      const basis = basisOf(integration, at)
      const question = { key: keyOf(target), basis }
      const work = discoveries.start(question, () => discover(target, basis))
      inBackground(work, rowKey(target))
      if (work !== null) await settled([work], signal, DISCOVERY_MS_MAX)
      const found = await store.findConnectionSnapshot(tenant, rowKey(target))
      return found?.snapshot ?? null
    },

    async refresh({ integration, owner, connection }, { principal, signal }) {
      const subject = subjectOf(owner, principal)
      const target = { tenant: principal.tenant, subject, integration, owner, connection }
      const basis = basisOf(integration, await changedAt(target, signal))
      const asked = { cause: 'hand', by: principal } as const
      return discoveries.restart({ key: keyOf(target), basis }, () =>
        discover(target, basis, asked),
      )
    },

    async refreshAll(tenant, integration) {
      if (!toolsOf(integration)) return
      for (const row of await store.listConnectionSnapshots(tenant, [integration.slug])) {
        if (closing.signal.aborted) return
        const { owner, subject, connection, basis } = row
        const target: Target = {
          tenant,
          subject,
          integration,
          owner: owner === 'user' ? 'user' : 'org',
          connection,
        }
        const question = { key: keyOf(target), basis }
        await discoveries.start(question, () => discover(target, basis))?.catch(ignoreExpected)
      }
    },

    async follow() {
      const follow = (changed: ChangedAccount, isForced: boolean) =>
        inBackground(onChanged(changed, isForced), changed)
      subscriptions.push(
        await bus.subscribe(connectionChanged, ({ tenant, name, change, ...rest }) => {
          const key = { ...rest, connection: name }
          if (change === 'removed') inBackground(forget(tenant, key), key)
          else follow({ tenant, ...key }, false)
        }),
        await bus.subscribe(upstreamChanged, (changed) => follow(changed, true)),
      )
    },

    async close() {
      closing.abort()
      await Promise.all(subscriptions.map((subscription) => subscription.drain()))
      await discoveries.close()
    },
  }

  function isStale(integration: IntegrationRow, updatedAt: number): boolean {
    const staleAfterMs = toolsOf(integration)?.staleAfterMs(integration)
    return staleAfterMs !== undefined && Date.now() - updatedAt > staleAfterMs
  }
}

/** On whose behalf an upstream is asked. */
export interface Asked {
  cause: 'hand' | 'upstream'
  by: Pick<CallContext['principal'], 'subject' | 'roles'>
}

const NOBODY: Asked = { cause: 'upstream', by: { subject: '', roles: ['service'] } }

/** Told to whoever asks for the tools; a bug is told now. */
function ignoreExpected(error: unknown): void {
  if (!isServiceError(error)) throw error
}

const NOTHING_CHANGED = { addedTools: [], removedTools: [], changedTools: [], warnings: [] }

/** Its halves come from different clocks, so equality is all that can be asked of it. */
function basisOf({ revision }: IntegrationRow, changedAt: number): string {
  return `${revision}/${changedAt}`
}

function subjectOf(owner: Owner, { subject }: CallContext['principal']): string {
  return owner === 'user' ? subject : ''
}

function rowKey({ integration, owner, subject, connection }: Target): ConnectionKey {
  return { integration: integration.slug, owner, subject, connection }
}

function keyOf(account: {
  tenant: string
  integration: string | IntegrationRow
  owner: string
  subject: string
  connection: string
}): string {
  const { tenant, integration, owner, subject, connection } = account
  const slug = typeof integration === 'string' ? integration : integration.slug
  return JSON.stringify([tenant, slug, owner, subject, connection])
}

/** Until all of it has ended somehow, the time is over, or nobody waits any more. */
async function settled(
  work: Promise<unknown>[],
  signal: AbortSignal,
  waitMs: number,
): Promise<void> {
  const end = Promise.withResolvers<void>()
  const stop = () => end.resolve()
  const timer = setTimeout(stop, waitMs)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  await Promise.race([Promise.allSettled(work), end.promise])
  clearTimeout(timer)
  signal.removeEventListener('abort', stop)
}

function nullWhenUnknown(error: unknown): null {
  if (isServiceError(error) && error.code === 'not_found') return null
  throw error
}

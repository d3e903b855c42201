import { type ResolvedCredential, type Secret, ServiceError } from '@executor/contracts'
import { unknownConnection } from './access.ts'
import type { ConnectionKey, ConnectionRow, ConnectionRows, Partition } from './connection.ts'
import { createLeases } from './leases.ts'
import { dueAt } from './oauth/due-at.ts'
import type { Item } from './providers/provider.ts'
import type { Providers } from './providers/registry.ts'

/** Milliseconds a decrypted value stays in memory after it was read. */
const LEASE_MS = 5_000
const LEASES_MAX = 2_000

/** A credential in clear, as this process holds it. */
export interface OpenCredential {
  revision: string
  /** Outlasts the tokens that replace each other. */
  consent: string
  template: string
  values: ReadonlyMap<string, Secret>
  expiresAt: number | null
  /** When it is to be looked at again. */
  dueAt: number
}

export interface Credentials {
  /**
   * Throws `connection_unknown`, `connection_value_missing`, or why there is no token that is valid yet.
   * Another revision than the `refused` one is answered where there is one to be had.
   */
  resolve(key: ConnectionKey, refused?: string): Promise<OpenCredential>
  open(row: ConnectionRow): Promise<OpenCredential>
  /** The row with a token that is valid yet. */
  refresh(row: ConnectionRow): Promise<ConnectionRow>
  /** To be called once a change is durable and before it is answered. */
  drop(key: ConnectionKey, revision?: string): void
}

interface CredentialsDeps {
  rows: Pick<ConnectionRows, 'findConnection'>
  providers: Providers
  clock: () => number
  /** Sees to it that a row's token is valid, and answers the row that holds it. */
  refresh(row: ConnectionRow, refused?: string): Promise<ConnectionRow>
  /** No other process changes these rows. */
  isSoleWriter: boolean
}

/**
 * A change is in force for every call that starts after it was answered. Where this process alone
 * writes (an SQLite file has one process, whose changes drop leases), a lease needs no look at the
 * database. Where several share a database, each resolution reads the connection's row by its unique
 * index, and a lease spares the values only: they are keyed by the row's revision, which is another
 * one whenever they are. No process then has to hear of a change in time, or at all.
 */
export function createCredentials(deps: CredentialsDeps): Credentials {
  const { rows, clock, isSoleWriter } = deps
  const leases = createLeases<OpenCredential>({
    clock,
    ttlMs: LEASE_MS,
    entriesMax: LEASES_MAX,
    goodUntil: (credential) => credential.dueAt,
  })
  const open = (row: ConnectionRow) => openCredential(deps.providers, row)
  const find = async (key: ConnectionKey) => {
    const row = await rows.findConnection(key)
    if (!row) throw unknownConnection(key)
    return row
  }
  const findFresh = async (key: ConnectionKey, refused?: string) =>
    deps.refresh(await find(key), refused)
  return {
    open,
    refresh: (row) => deps.refresh(row),
    async resolve(key, refused) {
      if (isSoleWriter) {
        if (refused !== undefined) {
          const held = await leases.find(toText(key))
          if (held?.revision === refused) leases.drop(toText(key))
        }
        return leases.take(toText(key), async () => open(await findFresh(key, refused)))
      }
      const row = await findFresh(key, refused)
      return leases.take(toText(key, row.revision), () => open(row))
    },
    drop: (key, revision) => leases.drop(toText(key, isSoleWriter ? '' : revision)),
  }
}

async function openCredential(providers: Providers, row: ConnectionRow): Promise<OpenCredential> {
  const entries = Object.entries(row.itemIds)
  const provider = providers.find(row.provider)
  const values = await Promise.all(
    entries.map(async ([, id]) => (await provider?.get(toItem(row, id))) ?? null),
  )
  const opened = new Map<string, Secret>()
  const missing: string[] = []
  for (const [index, [variable]] of entries.entries()) {
    const value = values[index]
    if (value) opened.set(variable, value)
    else missing.push(variable)
  }
  if (missing.length > 0) throw valueMissing(row, missing)
  const { revision, consent, template, expiresAt } = row
  return {
    revision,
    consent: consent ?? revision,
    template,
    values: opened,
    expiresAt,
    dueAt: dueAt(row),
  }
}

/** The values as they go to the executor. */
export function reveal({ dueAt: _, ...credential }: OpenCredential): ResolvedCredential {
  return { ...credential, values: revealValues(credential.values) }
}

export function revealValues(values: ReadonlyMap<string, Secret>): Record<string, string> {
  return Object.fromEntries([...values].map(([variable, value]) => [variable, value.reveal()]))
}

export function toItem({ tenant, owner, subject }: Partition, id: string): Item {
  return { tenant, owner, subject, id }
}

function toText(
  { tenant, owner, subject, integration, name }: ConnectionKey,
  revision = '',
): string {
  return JSON.stringify([tenant, owner, subject, integration, name, revision])
}

function valueMissing(row: ConnectionRow, missing: string[]): ServiceError {
  const { owner, integration, name, provider } = row
  return new ServiceError(
    'failed_precondition',
    'connection_value_missing',
    `The connection "${name}" for ${integration} has no readable value for ${missing.join(', ')} in ${provider}. Enter it again in Connections.`,
    { details: { owner, integration, name, missing } },
  )
}

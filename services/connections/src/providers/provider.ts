import type { Secret } from '@executor/contracts'
import type { Partition } from '../connection.ts'

/** One value that a provider holds, for whoever the partition names and nobody else. */
export interface Item extends Partition {
  id: string
}

interface Provider {
  /** The name connections refer to it by. */
  readonly key: string
  /** `null` when there is no such item, or none that can be read. */
  get(item: Item): Promise<Secret | null>
  /**
   * What connections may be pointed at with `from`. Absent where items belong to the connection
   * they were written for.
   */
  list?(tenant: string): Promise<{ id: string; name: string }[]>
}

export interface ReadOnlyProvider extends Provider {
  readonly writable: false
}

export interface WritableProvider extends Provider {
  readonly writable: true
  /** Ids are never written twice: another value comes under another id. */
  set(item: Item, value: Secret): Promise<void>
  /** What is not there counts as removed. */
  remove(items: readonly Item[]): Promise<void>
}

/** Where credential values live. */
export type CredentialProvider = ReadOnlyProvider | WritableProvider

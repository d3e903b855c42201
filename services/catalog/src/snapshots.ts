import type { Annotations, Operation, OperationDetail } from '@executor/contracts'
import { SizedCache } from './lru.ts'
import { decodeIndex, type SearchIndex } from './search/search-index.ts'
import type { DefinitionRow, OperationRow, Store } from './store.ts'

/** What a list shows of an operation, beside its address. */
export interface Listing {
  name: string
  kind: string
  description: string
  annotations: Annotations
}

/** A listing with the JSON text of its fields ready to be copied into an answer. */
export interface ListingEntry {
  name: string
  description: string
  requiresApproval: boolean
  /** `"name":…,"pluginId":…,…` without braces. */
  json: string
  /** Name and description in lower case, for the substring filter. */
  text: string
}

/** Reads what is immutable, and keeps what was read last. */
export interface Snapshots {
  listings(tenant: string, hash: string): Promise<ListingEntry[]>
  index(tenant: string, hash: string): Promise<SearchIndex | null>
  /** Null when the snapshot has no such operation. */
  operation(
    tenant: string,
    hash: string,
    name: string,
    withOutput: boolean,
  ): Promise<OperationDetail | null>
}

/** Characters of listing text kept in memory: about 40,000 tools. */
const LISTING_CHARS_MAX = 16_000_000
/** Bytes of search index kept in memory. */
const INDEX_BYTES_MAX = 96_000_000
/** Characters of operations and definitions kept in memory. */
const OPERATION_CHARS_MAX = 8_000_000
/** How many definitions one operation may reach; hostile documents make chains without end. */
const DEFINITIONS_MAX = 5_000

export function createSnapshots(store: Store): Snapshots {
  const listings = new SizedCache<ListingEntry[]>(LISTING_CHARS_MAX)
  const indexes = new SizedCache<SearchIndex>(INDEX_BYTES_MAX)
  const operations = new SizedCache<OperationDetail>(OPERATION_CHARS_MAX)
  return {
    async listings(tenant, hash) {
      const key = `${tenant}/${hash}`
      const known = listings.find(key)
      if (known) return known
      const entries = (await store.listListings(tenant, hash)).map(({ listing }) =>
        toEntry(JSON.parse(listing) as Listing),
      )
      listings.set(
        key,
        entries,
        entries.reduce((sum, entry) => sum + entry.json.length + entry.text.length, 0),
      )
      return entries
    },
    async index(tenant, hash) {
      const key = `${tenant}/${hash}`
      const known = indexes.find(key)
      if (known) return known
      const bytes = await store.findIndex(tenant, hash)
      if (!bytes) return null
      const index = decodeIndex(bytes)
      indexes.set(key, index, bytes.byteLength)
      return index
    },
    async operation(tenant, hash, name, withOutput) {
      const key = `${tenant}/${hash}/${withOutput ? 'both' : 'input'}/${name}`
      const known = operations.find(key)
      if (known) return known
      const row = await store.findOperation(tenant, hash, name)
      if (!row) return null
      const roots = withOutput ? [...row.refs.input, ...row.refs.output] : row.refs.input
      const { definitions, chars } = await reachable(store, tenant, hash, roots)
      const detail = { operation: toOperation(row, withOutput), definitions }
      operations.set(key, detail, chars + row.detail.length + row.listing.length)
      return detail
    },
  }
}

function toEntry(listing: Listing): ListingEntry {
  const { annotations } = listing
  const fields = JSON.stringify({
    name: listing.name,
    pluginId: listing.kind,
    description: listing.description,
    ...(annotations.mayElicit ? { mayElicit: true } : {}),
    requiresApproval: annotations.requiresApproval,
    ...(annotations.approvalDescription
      ? { approvalDescription: annotations.approvalDescription }
      : {}),
  })
  return {
    name: listing.name,
    description: listing.description,
    requiresApproval: annotations.requiresApproval,
    json: fields.slice(1, -1),
    text: `${listing.name}\n${listing.description}`.toLowerCase(),
  }
}

function toOperation(row: OperationRow, withOutput: boolean): Operation {
  const { outputSchema, errors, ...detail } = JSON.parse(row.detail) as Operation
  const { name, description, annotations } = JSON.parse(row.listing) as Listing
  return {
    ...detail,
    name,
    description,
    annotations,
    ...(withOutput && outputSchema !== undefined ? { outputSchema } : {}),
    ...(withOutput && errors !== undefined ? { errors } : {}),
  }
}

/** The definitions that `roots` reach, level by level: one query for each level. */
async function reachable(
  store: Store,
  tenant: string,
  hash: string,
  roots: string[],
): Promise<{ definitions: Record<string, boolean | Record<string, unknown>>; chars: number }> {
  const found = new Map<string, DefinitionRow>()
  let wanted = [...new Set(roots)]
  while (wanted.length > 0 && found.size < DEFINITIONS_MAX) {
    const rows = await store.findDefinitions(tenant, hash, wanted)
    for (const row of rows) found.set(row.name, row)
    wanted = [...new Set(rows.flatMap((row) => row.refs))].filter((name) => !found.has(name))
    if (rows.length === 0) break
  }
  let chars = 0
  const definitions: Record<string, boolean | Record<string, unknown>> = Object.create(null)
  for (const [name, row] of found) {
    chars += row.json.length
    definitions[name] = JSON.parse(row.json) as boolean | Record<string, unknown>
  }
  return { definitions, chars }
}

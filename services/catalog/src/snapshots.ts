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
  /** What `listings` has at the given places, without reading all of a large snapshot. */
  listingsAt(
    tenant: string,
    hash: string,
    ordinals: readonly number[],
  ): Promise<Map<number, ListingEntry>>
  /** In the order of `listings`. */
  names(tenant: string, hash: string): Promise<string[]>
  /** By hash; those that there are. */
  indexes(tenant: string, hashes: Iterable<string>): Promise<Map<string, SearchIndex>>
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
/** Names kept in memory, in characters: about 200,000 tools. */
const NAME_CHARS_MAX = 12_000_000
/** Operations of a snapshot whose listings are read all at once, and then kept. */
const READ_WHOLE_MAX = 5_000
/** Bytes of search index kept in memory. */
const INDEX_BYTES_MAX = 96_000_000
/** Characters of operations and definitions kept in memory. */
const OPERATION_CHARS_MAX = 8_000_000
/** How many definitions one operation may reach; hostile documents make chains without end. */
const DEFINITIONS_MAX = 5_000

export function createSnapshots(store: Store): Snapshots {
  const listings = new SizedCache<ListingEntry[]>(LISTING_CHARS_MAX)
  const nameLists = new SizedCache<string[]>(NAME_CHARS_MAX)
  const indexes = new SizedCache<SearchIndex>(INDEX_BYTES_MAX)
  const operations = new SizedCache<OperationDetail>(OPERATION_CHARS_MAX)

  async function readListings(tenant: string, hash: string): Promise<ListingEntry[]> {
    const key = `${tenant}/${hash}`
    const known = listings.find(key)
    if (known) return known
    const entries = (await store.listListings(tenant, hash)).map(({ listing }) => toEntry(listing))
    const size = entries.reduce((sum, { json, text }) => sum + json.length + text.length, 0)
    listings.set(key, entries, size)
    return entries
  }

  async function readNames(tenant: string, hash: string): Promise<string[]> {
    const key = `${tenant}/${hash}`
    const known = nameLists.find(key)
    if (known) return known
    const names = await store.listNames(tenant, hash)
    nameLists.set(
      key,
      names,
      names.reduce((sum, name) => sum + name.length, 0),
    )
    return names
  }

  return {
    listings: readListings,
    names: readNames,
    async listingsAt(tenant, hash, ordinals) {
      const names = await readNames(tenant, hash)
      if (names.length <= READ_WHOLE_MAX || listings.find(`${tenant}/${hash}`)) {
        const entries = await readListings(tenant, hash)
        return new Map(ordinals.flatMap((at) => (entries[at] ? [[at, entries[at]]] : [])))
      }
      const wanted = new Map(ordinals.map((at) => [names[at] ?? '', at]))
      const rows = await store.findListings(tenant, hash, [...wanted.keys()])
      return new Map([...rows].map(([name, row]) => [wanted.get(name) ?? -1, toEntry(row)]))
    },
    async indexes(tenant, hashes) {
      const found = new Map<string, SearchIndex>()
      const missing: string[] = []
      for (const hash of new Set(hashes)) {
        const known = indexes.find(`${tenant}/${hash}`)
        if (known) found.set(hash, known)
        else missing.push(hash)
      }
      for (const [hash, bytes] of await store.findIndexes(tenant, missing)) {
        const index = decodeIndex(bytes)
        indexes.set(`${tenant}/${hash}`, index, bytes.byteLength)
        found.set(hash, index)
      }
      return found
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

function toEntry(json: string): ListingEntry {
  const listing = JSON.parse(json) as Listing
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

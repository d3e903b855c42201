import { invariant } from '@executor/contracts'
import { decodeIndex, encodeIndex } from '../search/search-index.ts'
import { selectDocuments } from '../search/select-documents.ts'
import { textHash } from '../sources/openapi/reader/canonical-hash.ts'
import type { DefinitionRow, HeldRow, OperationRow, Store } from '../store.ts'
import { pinDefinitions } from './pin-definitions.ts'

type Tool = { name: string; hash: string }

export interface ComposeInput {
  tenant: string
  /** What is in force, and what the source says now: both are stored. */
  inForce: string
  offered: string
  held: readonly HeldRow[]
}

/** Definitions of all pinned operations together; what is stored was bounded when it was read. */
const DEFINITIONS_MAX = 50_000

/**
 * The snapshot of what the source says now, without what is held back: new operations are left out,
 * changed ones stand as they were. It is a snapshot like any other, named by what it holds, so that
 * lists, search and calls need not know of review.
 */
export async function composeView(
  store: Store,
  { tenant, inForce, offered, held }: ComposeInput,
): Promise<{ hash: string; tools: Tool[] }> {
  const theirs = await store.listTools(tenant, offered)
  if (held.length === 0) return { hash: offered, tools: theirs }
  const ours = await store.listTools(tenant, inForce)
  const oldHash = new Map(ours.map(({ name, hash }) => [name, hash]))
  const changeOf = new Map(held.map(({ name, change }) => [name, change]))
  const tools = theirs.flatMap(({ name, hash }): Tool[] => {
    const change = changeOf.get(name)
    if (change === undefined) return [{ name, hash }]
    return change === 'added' ? [] : [{ name, hash: oldHash.get(name) ?? '' }]
  })
  if (isSame(tools, ours)) return { hash: inForce, tools: ours }
  const hash = textHash(['view', ...tools.map((tool) => `${tool.name} ${tool.hash}`)].join('\n'))
  if (await store.hasSnapshot(tenant, hash)) return { hash, tools }

  const pinned = held.filter(({ change }) => change === 'changed').map(({ name }) => name)
  const rows = await pinnedRows(store, { tenant, inForce, offered }, pinned)
  const places = new Map(tools.map(({ name }, at) => [name, at]))
  const placesOf = (list: readonly Tool[], isTaken: (name: string) => boolean) =>
    Int32Array.from(list, ({ name }) => (isTaken(name) ? (places.get(name) ?? -1) : -1))
  const index = await selectDocuments(
    [
      {
        index: await readIndex(store, tenant, offered),
        places: placesOf(theirs, (name) => !changeOf.has(name)),
      },
      {
        index: await readIndex(store, tenant, inForce),
        places: placesOf(ours, (name) => changeOf.get(name) === 'changed'),
      },
    ],
    tools.length,
  )
  await store.saveView(tenant, {
    hash,
    offered,
    withheld: held.map(({ name }) => name),
    pinned: rows.operations.map((row) => ({ ...row, hash: oldHash.get(row.name) ?? '' })),
    definitions: rows.definitions,
    toolCount: tools.length,
    index: encodeIndex(index),
  })
  return { hash, tools }
}

function isSame(a: readonly Tool[], b: readonly Tool[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, hash }, at) => b[at]?.name === name && b[at]?.hash === hash)
  )
}

async function readIndex(store: Store, tenant: string, hash: string) {
  const bytes = (await store.findIndexes(tenant, [hash])).get(hash)
  invariant(bytes, 'a snapshot that is pointed at has an index')
  return decodeIndex(bytes)
}

async function pinnedRows(
  store: Store,
  { tenant, inForce, offered }: Omit<ComposeInput, 'held'>,
  names: readonly string[],
): Promise<{ operations: OperationRow[]; definitions: DefinitionRow[] }> {
  const operations: OperationRow[] = []
  for (const wanted of names) {
    const row = await store.findOperation(tenant, inForce, wanted)
    invariant(row, 'what is pinned is in force')
    const { name, listing, detail, refs } = row
    operations.push({ name, listing, detail, refs })
  }
  const definitions = new Map<string, DefinitionRow>()
  let wanted = [...new Set(operations.flatMap(({ refs }) => [...refs.input, ...refs.output]))]
  while (wanted.length > 0 && definitions.size < DEFINITIONS_MAX) {
    const rows = await store.findDefinitions(tenant, inForce, wanted)
    for (const { name, json, refs } of rows) definitions.set(name, { name, json, refs })
    wanted = [...new Set(rows.flatMap(({ refs }) => refs))].filter((name) => !definitions.has(name))
    if (rows.length === 0) break
  }
  const known = await store.findDefinitions(tenant, offered, [...definitions.keys()])
  const current = new Map(known.map((row) => [row.name, row]))
  return pinDefinitions({ operations, definitions, current, snapshot: inForce })
}

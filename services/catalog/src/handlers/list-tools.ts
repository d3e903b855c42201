import type { Handler } from '@executor/bus'
import { CORE_INTEGRATION, CORE_TOOLS, type catalog, type ParsedInput } from '@executor/contracts'
import { type Account, createHiddenTools, listAccounts, listRules } from '../accounts.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import type { CatalogDeps } from '../deps.ts'
import { createKeptAnswers } from '../kept-answers.ts'
import type { ListingEntry } from '../snapshots.ts'

type Filter = ParsedInput<typeof catalog.listTools>

/** Tools that share the beginning and the end of their rows. */
interface Section {
  head: string
  foot: string
  entries: ListingEntry[]
}

/** Sorts before every slug: the product's own tools come first. */
const CORE_PATH = '!'
/** Bytes of answers kept in memory: a megabyte costs more to put together than to send. */
const ANSWER_BYTES_MAX = 4_000_000

/**
 * Connections × operations, in address order. The answer is written as text from fragments that are
 * kept per snapshot: nothing is built that only passes through.
 */
export function listTools(deps: CatalogDeps): Handler<typeof catalog.listTools> {
  const answers = createKeptAnswers(ANSWER_BYTES_MAX)
  return async (input, context) => {
    const { tenant, subject } = context.principal
    const after = input.cursor ? decodeCursor(input.cursor) : null
    const [all, rules] = await Promise.all([
      listAccounts(deps, context, input),
      input.includeBlocked ? [] : listRules(deps, context),
    ])
    const accounts = after ? all.filter(({ path }) => path >= after.path) : all
    const question = JSON.stringify([tenant, subject, input, rules])
    const known = answers.find(question, accounts)
    if (known) return { bytes: known }
    const listed = { input, after, tenant, subject, accounts, rules }
    const { text, looked } = await writeTools(deps, listed)
    const bytes = Buffer.from(text)
    answers.keep(question, accounts, { bytes, looked })
    return { bytes }
  }
}

interface Listed {
  input: Filter
  after: ReturnType<typeof decodeCursor> | null
  tenant: string
  subject: string
  /** From the one on where the page begins. */
  accounts: readonly Account[]
  rules: Awaited<ReturnType<typeof listRules>>
}

async function writeTools(
  deps: CatalogDeps,
  { input, after, tenant, subject, accounts, rules }: Listed,
): Promise<{ text: string; looked: number | null }> {
  const limit = input.limit ?? Number.POSITIVE_INFINITY
  const query = input.query?.toLowerCase()
  const hiddenOf = createHiddenTools(rules)
  const rows: string[] = []

  for (const [looked, account] of [null, ...accounts].entries()) {
    const path = account ? account.path : CORE_PATH
    if (after && path < after.path) continue
    const section = account
      ? toSection(account, await deps.snapshots.listings(tenant, account.snapshot))
      : coreSection(input, subject)
    const hidden = account && hiddenOf(account)
    const { entries } = section
    for (let i = after?.path === path ? after.ordinal + 1 : 0; i < entries.length; i++) {
      const entry = entries[i] as ListingEntry
      if (query && !entry.text.includes(query)) continue
      if (hidden?.(entry.name)) continue
      if (rows.length >= limit) {
        const nextCursor = encodeCursor({ path, ordinal: i - 1 })
        return { text: `{"items":[${rows.join(',')}],"nextCursor":"${nextCursor}"}`, looked }
      }
      const name = JSON.stringify(entry.name).slice(1)
      rows.push(`${section.head}${name},${entry.json}${section.foot}`)
    }
  }
  return { text: `{"items":[${rows.join(',')}]}`, looked: null }
}

function toSection(account: Account, entries: ListingEntry[]): Section {
  const { integration, owner, connection, path } = account
  return {
    head: `{"address":"tools.${path}.`,
    foot: `,"owner":"${owner}","integration":"${integration.slug}","connection":"${connection}"}`,
    entries,
  }
}

/** The product's own tools; they are the same for everyone. */
function coreSection(filter: Filter, subject: string): Section {
  const owner = subject ? 'user' : 'org'
  const wanted =
    (!filter.integration || filter.integration === CORE_INTEGRATION) &&
    (!filter.owner || filter.owner === owner)
  const entries = CORE_TOOLS.flatMap(({ name, description, requiresApproval }) => {
    const connection = name.slice(0, name.indexOf('.'))
    if (!wanted || (filter.connection && filter.connection !== connection)) return []
    const fields = { name, pluginId: CORE_INTEGRATION, description, requiresApproval, connection }
    const text = `${name}\n${description}`.toLowerCase()
    return [
      { name, description, requiresApproval, json: JSON.stringify(fields).slice(1, -1), text },
    ]
  })
  return {
    head: `{"address":"${CORE_INTEGRATION}.`,
    foot: `,"owner":"${owner}","integration":"${CORE_INTEGRATION}","static":true}`,
    entries,
  }
}

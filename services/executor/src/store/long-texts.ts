import { randomUUID } from 'node:crypto'
import type { Database } from './database.ts'
import { storable } from './translate.ts'

/** Characters of a text that is written with its row; what is longer costs less, and holds nobody up, in parts. */
const ROW_TEXT_CHARS_MAX = 32 * 1024
/** Characters of one part: a statement of a few milliseconds. */
const PART_CHARS_MAX = 128 * 1024
/** What a row holds of a text in parts begins with this, which no JSON does. */
const MARK = '\u0001'
/** Columns that may be long, wherever a row has them. */
const COLUMNS = ['result', 'arguments', 'code', 'request'] as const

type Column = (typeof COLUMNS)[number]
type Row = { [C in Column]?: string | null }

/**
 * Long texts are kept in parts beside their rows, written before them and read after them, with the
 * loop free in between. A row that names its parts makes all of them count at once; parts that no row
 * came to name belong to their run, or to nobody, and go with it.
 */
export interface LongTexts {
  /** Whether every long text of the row is in its parts already. */
  isKept(row: Row): boolean
  keep(runId: string, row: Row): Promise<void>
  /** The row as it is written: with the names of its long texts. Kept they must be. */
  toStored<R extends Row>(row: R): R
  /** The row as it was before; null where parts are gone, and so is the run. */
  fromStored<R extends Row>(runId: string, row: R): Promise<R | null>
}

export function longTexts({ transact, engine }: Pick<Database, 'transact' | 'engine'>): LongTexts {
  const names = new WeakMap<Row, Map<Column, { text: string; name: string }>>()
  const inTurn = engine === 'sqlite' ? takeTurns() : (task: () => Promise<void>) => task()

  function remember(row: Row, column: Column, text: string, name: string): void {
    const known = names.get(row) ?? new Map()
    names.set(row, known.set(column, { text, name }))
  }

  function nameOf(row: Row, column: Column): string | null {
    const known = names.get(row)?.get(column)
    return known?.text === row[column] ? (known?.name ?? null) : null
  }

  function isLoose(row: Row, column: Column): boolean {
    return isLong(row[column]) && nameOf(row, column) === null
  }

  async function write(runId: string, text: string): Promise<string> {
    const value = `${Date.now()}-${randomUUID()}`
    let position = 0
    let bytes = 0
    for (const piece of split(text)) {
      const part = storable(piece)
      await inTurn(async () => {
        await transact([{ sql: INSERT, parameters: [runId, value, position, part] }])
      })
      bytes += Buffer.byteLength(part)
      position++
    }
    return toName({ value, parts: position, bytes })
  }

  async function read(runId: string, { value, parts }: Name): Promise<string | null> {
    const texts: string[] = []
    for (let position = 0; position < parts; position++) {
      await inTurn(async () => {
        const [rows] = await transact([{ sql: SELECT, parameters: [runId, value, position] }])
        if (rows?.[0]) texts.push(String(rows[0].text))
      })
    }
    return texts.length === parts ? texts.join('') : null
  }

  return {
    isKept: (row) => !COLUMNS.some((column) => isLoose(row, column)),
    async keep(runId, row) {
      for (const column of COLUMNS) {
        const text = row[column]
        if (typeof text !== 'string' || !isLoose(row, column)) continue
        remember(row, column, text, await write(runId, text))
      }
    },
    toStored(row) {
      if (!COLUMNS.some((column) => isLong(row[column]))) return row
      const long = COLUMNS.filter((column) => isLong(row[column]))
      return { ...row, ...Object.fromEntries(long.map((column) => [column, nameOf(row, column)])) }
    },
    async fromStored(runId, row) {
      for (const column of COLUMNS) {
        const stored = row[column]
        const name = typeof stored === 'string' ? findName(stored) : null
        if (typeof stored !== 'string' || !name) continue
        const text = await read(runId, name)
        if (text === null) return null
        Object.assign(row, { [column]: text })
        remember(row, column, text, stored)
      }
      return row
    },
  }
}

/** Rows with their long texts, one after the other; those of a run that goes just now are left out. */
export async function listWhole<T, R>(
  rows: readonly T[],
  toWhole: (row: T) => Promise<R | null>,
): Promise<R[]> {
  const whole: R[] = []
  for (const row of rows) {
    const one = await toWhole(row)
    if (one !== null) whole.push(one)
  }
  return whole
}

interface Name {
  value: string
  parts: number
  bytes: number
}

/** What a row says of a text in parts; null for a text that is in the row itself. */
export function findName(stored: string): Name | null {
  if (!stored.startsWith(MARK)) return null
  const [value = '', parts, bytes] = stored.slice(MARK.length).split(' ')
  return { value, parts: Number(parts), bytes: Number(bytes) }
}

/** When a text was begun, by what names it. */
export function begunAt(value: string): number {
  return Number(value.slice(0, value.indexOf('-')))
}

function toName({ value, parts, bytes }: Name): string {
  return `${MARK}${value} ${parts} ${bytes}`
}

/** Code may begin with anything: what looks like a name is never stored as it is. */
function isLong(text: string | null | undefined): boolean {
  return typeof text === 'string' && (text.length > ROW_TEXT_CHARS_MAX || text.startsWith(MARK))
}

/** Never between the two halves of a surrogate pair, which have no bytes of their own. */
function* split(text: string): Iterable<string> {
  let from = 0
  while (from < text.length) {
    let to = Math.min(text.length, from + PART_CHARS_MAX)
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to--
    yield text.slice(from, to)
    from = to
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}

/** One part in one turn of the loop, whoever asks for it: the database is called synchronously. */
function takeTurns(): (task: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve()
  return (task) => {
    const mine = last.then(task)
    const over = () => new Promise<void>((resolve) => setImmediate(resolve))
    last = mine.then(over, over)
    return mine
  }
}

const INSERT = 'INSERT INTO "Part" ("runId", "value", "position", "text") VALUES ($1, $2, $3, $4)'
const SELECT = 'SELECT "text" FROM "Part" WHERE "runId" = $1 AND "value" = $2 AND "position" = $3'

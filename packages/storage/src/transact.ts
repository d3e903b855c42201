/** One SQL statement; its parameters are `$1`, `$2` and so on in both engines. */
export interface Statement {
  sql: string
  parameters: readonly (string | number | null)[]
}

/** A row as the driver of the engine has it: dates, `bigint` and `boolean` differ between engines, texts do not. */
export type StatementRow = Record<string, unknown>

/**
 * Runs statements one after the other, all or nothing, and answers the rows of each. It goes past
 * Prisma's client, which costs more than a small statement itself does, and is for hot paths that were
 * measured. Throws `unavailable` when the database does not answer, and else what its driver throws.
 */
export type Transact = (statements: readonly Statement[]) => Promise<StatementRow[][]>

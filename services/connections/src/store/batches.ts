/** Rows in one statement: engines bound the parameters of a query. */
const BATCH_ROWS = 200

export function* batches<T>(rows: readonly T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    yield rows.slice(start, start + BATCH_ROWS)
  }
}

export { coalesce } from './coalesce.ts'
export {
  acquireDataDirectory,
  type DataDirectory,
  type DirectoryOwner,
  findDirectoryOwner,
} from './data-directory.ts'
export { isUniqueViolation } from './failures.ts'
export {
  type ColumnKind,
  type InsertOptions,
  insertRows,
  type RawDatabase,
  toInsert,
} from './insert-rows.ts'
export type { EngineName, Migration, Migrations } from './migrations.ts'
export {
  type ClosableClient,
  type OpenDatabaseOptions,
  type OpenedDatabase,
  openDatabase,
  parseEngine,
} from './open-database.ts'
export { outlastLeases } from './outlast-leases.ts'
export type { Durability } from './sqlite.ts'
export type { Statement, StatementRow, Transact } from './transact.ts'

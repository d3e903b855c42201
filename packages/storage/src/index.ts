export type { EngineName, Migration, Migrations } from './migrations.ts'
export {
  type ClosableClient,
  type OpenDatabaseOptions,
  type OpenedDatabase,
  openDatabase,
  parseEngine,
} from './open-database.ts'
export type { Durability } from './sqlite.ts'

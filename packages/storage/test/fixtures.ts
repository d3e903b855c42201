import type { Migration, Migrations } from '@executor/storage'

/** The same SQL for both engines. */
export function migrationsOf(...migrations: Migration[]): Migrations {
  return { sqlite: migrations, postgresql: migrations }
}

export const FIRST: Migration = {
  name: '0001_items',
  sql: 'CREATE TABLE "Item" ("id" TEXT NOT NULL PRIMARY KEY, "label" TEXT NOT NULL);',
}
export const SECOND: Migration = {
  name: '0002_marks',
  sql: `ALTER TABLE "Item" ADD COLUMN "mark" TEXT NOT NULL DEFAULT 'a;b';
CREATE TABLE "Mark" ("id" TEXT NOT NULL PRIMARY KEY);`,
}
export const BROKEN: Migration = {
  name: '0003_broken',
  sql: `DELETE FROM "Item";
INSERT INTO "Missing" VALUES (1);`,
}

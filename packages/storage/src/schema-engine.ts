import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { DiffTarget, SchemaEngine as Engine, MigrationList } from '@prisma/schema-engine-wasm'
import type { EngineName, Migration } from './migrations.ts'

const NO_FILTERS = { externalTables: [], externalEnums: [] }

/** Node's global; its type comes with the DOM library, which we do without. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    instantiate(
      bytes: Uint8Array,
      imports: Record<string, unknown>,
    ): Promise<{ instance: { exports: Record<string, unknown> } }>
  }
}

/** The bindings hold one instance for the process, as if the `.wasm` file had been imported. */
let loaded: Promise<typeof Engine> | undefined

/**
 * Prisma's own schema engine. It is instantiated by hand because importing a `.wasm` module makes
 * Node print a warning, and only when asked for: it weighs 5 MB and takes some 80 ms.
 */
function loadSchemaEngine(): Promise<typeof Engine> {
  loaded ??= instantiate()
  return loaded
}

async function instantiate(): Promise<typeof Engine> {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const folder = dirname(
    createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg'),
  )
  const bytes = await readFile(join(folder, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  if (typeof start === 'function') start()
  return bindings.SchemaEngine
}

async function openSchemaEngine(
  engine: EngineName,
  factory: SqlMigrationAwareDriverAdapterFactory,
): Promise<Engine> {
  const { bindMigrationAwareSqlAdapterFactory } = await import('@prisma/driver-adapter-utils')
  const SchemaEngine = await loadSchemaEngine()
  return SchemaEngine.new(
    { datamodels: [['schema.prisma', `datasource db { provider = "${engine}" }`]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  )
}

/** Applies what is missing, as `prisma migrate deploy` does. The caller owns the transaction. */
export async function applyWithSchemaEngine(
  engine: EngineName,
  factory: SqlMigrationAwareDriverAdapterFactory,
  migrations: readonly Migration[],
): Promise<string[]> {
  const schemaEngine = await openSchemaEngine(engine, factory)
  try {
    const { appliedMigrationNames } = await schemaEngine.applyMigrations({
      migrationsList: toList(engine, migrations),
      filters: NO_FILTERS,
    })
    return appliedMigrationNames
  } finally {
    schemaEngine.free()
  }
}

/** Where a comparison starts or ends: a schema's text, or the tables that migrations leave. */
type DiffSide = { schema: string } | { migrations: readonly Migration[] }

/**
 * The SQL that leads from one side to the other; empty when they are the same. Migrations can be
 * compared on SQLite alone, which needs no server to try them on.
 */
export async function diffSchemas(options: {
  engine: EngineName
  from: DiffSide
  to: DiffSide
}): Promise<string> {
  const { engine, from, to } = options
  const { createOfflineFactory } = await import('./offline-adapter.ts')
  const schemaEngine = await openSchemaEngine(engine, await createOfflineFactory(engine))
  try {
    const { stdout } = await schemaEngine.diff({
      from: toTarget(engine, from),
      to: toTarget(engine, to),
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    })
    const script = stdout ?? ''
    return script.startsWith('-- This is an empty migration') ? '' : script
  } finally {
    schemaEngine.free()
  }
}

function toTarget(engine: EngineName, side: DiffSide): DiffTarget {
  if ('migrations' in side) return { tag: 'migrations', ...toList(engine, side.migrations) }
  const files = [{ path: 'schema.prisma', content: side.schema }]
  return { tag: 'schemaDatamodel', files }
}

function toList(engine: EngineName, migrations: readonly Migration[]): MigrationList {
  return {
    baseDir: '.',
    lockfile: { path: 'migration_lock.toml', content: `provider = "${engine}"\n` },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  }
}

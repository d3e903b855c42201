import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { SchemaEngine as Engine } from '@prisma/schema-engine-wasm'
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
      migrationsList: {
        baseDir: '.',
        lockfile: { path: 'migration_lock.toml', content: `provider = "${engine}"\n` },
        shadowDbInitScript: '',
        migrationDirectories: migrations.map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
        })),
      },
      filters: NO_FILTERS,
    })
    return appliedMigrationNames
  } finally {
    schemaEngine.free()
  }
}

/** The SQL that leads from one schema's tables to another's; empty when they are the same. */
export async function diffSchemas(options: {
  engine: EngineName
  before: string | null
  after: string
}): Promise<string> {
  const { createOfflineFactory } = await import('./offline-adapter.ts')
  const schemaEngine = await openSchemaEngine(options.engine, createOfflineFactory(options.engine))
  try {
    const { stdout } = await schemaEngine.diff({
      from: options.before === null ? { tag: 'empty' } : toTarget(options.before),
      to: toTarget(options.after),
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

function toTarget(content: string) {
  return { tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content }] }
}

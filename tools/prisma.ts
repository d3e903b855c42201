// Makes the Prisma clients and the migrations of the services, for both engines, from one schema.
//   node tools/prisma.ts generate [service…]      what is stale; all services when none is named
//   node tools/prisma.ts migrate <service> <name>  writes the next migration for both engines
//   node tools/prisma.ts check                    whether the migrations lead to the schemas
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const ENGINES = ['sqlite', 'postgresql'] as const
type Engine = (typeof ENGINES)[number]
const PARALLEL_MAX = 2

const root = resolve(import.meta.dirname, '..')
const prismaFolder = (service: string) => join(root, 'services', service, 'prisma')
const schemaPath = (service: string) => join(prismaFolder(service), 'schema.prisma')

function listServices(): string[] {
  return readdirSync(join(root, 'services'))
    .filter((service) => existsSync(schemaPath(service)))
    .sort()
}

function listMigrations(service: string, engine: Engine): { name: string; sql: string }[] {
  const folder = join(prismaFolder(service), 'migrations', engine)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, sql: readFileSync(join(folder, name, 'migration.sql'), 'utf8') }))
}

/** The checked-in schema holds the models; data source and generator are added here. */
function schemaFor(service: string, engine: Engine): string {
  return withDatasource(readFileSync(schemaPath(service), 'utf8'), engine)
}

function withDatasource(schema: string, engine: Engine): string {
  const models = schema.replace(/^(datasource|generator)\s+\w+\s*\{[^}]*\}\n*/gm, '')
  return `datasource db {\n  provider = "${engine}"\n}\n\n${models}`
}

function fingerprint(service: string): string {
  const hash = createHash('sha256')
  hash.update(readFileSync(import.meta.filename))
  hash.update(readFileSync(createRequire(import.meta.url).resolve('prisma/package.json')))
  hash.update(readFileSync(schemaPath(service)))
  for (const engine of ENGINES) hash.update(JSON.stringify(listMigrations(service, engine)))
  return hash.digest('hex')
}

async function generate(named: string[]): Promise<void> {
  const known = listServices()
  for (const service of named) {
    if (!known.includes(service)) fail(`services/${service} has no prisma/schema.prisma`)
  }
  const stale = (named.length ? named : known)
    .map((service) => ({ service, hash: fingerprint(service) }))
    .filter(({ service, hash }) => readFingerprint(service) !== hash)
  if (!stale.length) return
  const work = stale.flatMap(({ service }) => ENGINES.map((engine) => ({ service, engine })))
  for (const { service } of stale) rmSync(hashPath(service), { force: true })
  await Promise.all(
    Array.from({ length: PARALLEL_MAX }, async () => {
      for (let next = work.pop(); next; next = work.pop()) {
        await generateClient(next.service, next.engine)
      }
    }),
  )
  for (const { service, hash } of stale) {
    writeMigrationsModule(service)
    writeFileSync(hashPath(service), hash)
  }
  console.log(`prisma: generated ${stale.map(({ service }) => service).join(', ')}`)
}

const hashPath = (service: string) => join(prismaFolder(service), 'client', '.hash')

function readFingerprint(service: string): string | null {
  const path = hashPath(service)
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

/** Into a folder of its own, then into place: whoever runs the program meanwhile finds a whole client. */
async function generateClient(service: string, engine: Engine): Promise<void> {
  const client = join(prismaFolder(service), 'client')
  const workshop = join(client, `.${engine}-${process.pid}`)
  mkdirSync(workshop, { recursive: true })
  // The small build of the query compiler: 10 MB less memory and half the time to load; compiled
  // plans are cached by the client, so that its slower compilation is paid once per statement.
  const generator = `generator client {
  provider               = "prisma-client"
  output                 = "./made"
  runtime                = "nodejs"
  moduleFormat           = "esm"
  generatedFileExtension = "ts"
  importFileExtension    = "ts"
  compilerBuild          = "small"
}

`
  try {
    const schema = join(workshop, 'schema.prisma')
    writeFileSync(schema, generator + schemaFor(service, engine))
    const command = createRequire(import.meta.url).resolve('prisma/build/index.js')
    await run(command, ['generate', '--no-hints', '--schema', schema], service)
    rmSync(join(client, engine), { recursive: true, force: true })
    renameSync(join(workshop, 'made'), join(client, engine))
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
}

/** Prisma's command line looks for updates and downloads a native engine unless it is told not to. */
function run(command: string, args: string[], service: string): Promise<void> {
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'prisma'),
  }
  return new Promise((done) => {
    execFile(process.execPath, [command, ...args], { cwd: root, env }, (error, stdout, stderr) => {
      if (error) fail(`prisma generate failed for ${service}\n${stdout}${stderr}`)
      done()
    })
  })
}

function writeMigrationsModule(service: string): void {
  const migrations = Object.fromEntries(
    ENGINES.map((engine) => [engine, listMigrations(service, engine)]),
  )
  const text = `// Generated by tools/prisma.ts from prisma/migrations.
// biome-ignore-all lint: generated file
import type { Migrations } from '@executor/storage'

export const migrations: Migrations = ${JSON.stringify(migrations, null, 2)}
`
  writeFileSync(join(prismaFolder(service), 'client', 'migrations.ts'), text)
}

/**
 * The schema that the written migrations lead to is kept beside them, so that the next migration is
 * the difference of two texts and needs no database server.
 */
async function migrate(service: string | undefined, name: string | undefined): Promise<void> {
  if (!service || !listServices().includes(service)) fail(`name one of: ${listServices()}`)
  if (!name || !/^[a-z0-9_]+$/.test(name)) fail('name the migration in [a-z0-9_]')
  const scripts = []
  for (const engine of ENGINES)
    scripts.push({ engine, sql: await diffSinceMigrated(service, engine) })
  if (scripts.every(({ sql }) => sql === ''))
    return console.log(`prisma: ${service} has no changes`)
  const number = listMigrations(service, 'sqlite').length + 1
  const folder = `${String(number).padStart(4, '0')}_${name}`
  for (const { engine, sql } of scripts) {
    const path = join(prismaFolder(service), 'migrations', engine, folder)
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'migration.sql'), sql)
  }
  writeFileSync(migratedSchemaPath(service), readFileSync(schemaPath(service), 'utf8'))
  console.log(`prisma: wrote ${service} ${folder}`)
  await generate([service])
}

const migratedSchemaPath = (service: string) =>
  join(prismaFolder(service), 'migrations', 'schema.prisma')

async function diffSinceMigrated(service: string, engine: Engine): Promise<string> {
  const { diffSchemas } = await import('../packages/storage/src/schema-engine.ts')
  const path = migratedSchemaPath(service)
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const sql = await diffSchemas({
    engine,
    from: { schema: withDatasource(before, engine) },
    to: { schema: schemaFor(service, engine) },
  })
  // Making the schema that every database has needs a right that our login need not have.
  return sql.replace('-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS "public";\n\n', '')
}

async function check(): Promise<void> {
  const { diffSchemas } = await import('../packages/storage/src/schema-engine.ts')
  for (const service of listServices()) {
    for (const engine of ENGINES) {
      if (await diffSinceMigrated(service, engine)) {
        fail(`${service}/schema.prisma changed: node tools/prisma.ts migrate ${service} <name>`)
      }
    }
    const rest = await diffSchemas({
      engine: 'sqlite',
      from: { migrations: listMigrations(service, 'sqlite') },
      to: { schema: schemaFor(service, 'sqlite') },
    })
    if (rest) fail(`the migrations of ${service} lead to other tables than its schema:\n${rest}`)
  }
}

function fail(message: string): never {
  console.error(`prisma: ${message}`)
  process.exit(1)
}

const [command, ...args] = process.argv.slice(2)
if (command === 'generate') await generate(args)
else if (command === 'migrate') await migrate(args[0], args[1])
else if (command === 'check') await check()
else fail('use: generate [service…] | migrate <service> <name> | check')

// Bundles the local form and each service into dist/: one file each, with its workers beside it. A
// bundle starts in a fraction of the time that hundreds of source files take. With --image the few
// packages that are loaded at run time are put beside it, so that an image needs nothing else.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { plugins } from './bundle-plugins.ts'

const root = resolve(import.meta.dirname, '..')
const out = join(root, 'dist')

/** What is loaded from node_modules at run time: native code, and packages that read their own files. */
const external = ['libsql', '@libsql/*', 'pg-native', '@prisma/schema-engine-wasm']

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
await build({
  absWorkingDir: root,
  entryPoints: {
    'chunks/executor': 'packages/cli/src/main.ts',
    // Workers lie where the code that starts them ends up.
    'chunks/openapi-worker': 'services/catalog/src/sources/openapi/worker.ts',
    'chunks/graphql-worker': 'services/catalog/src/sources/graphql/worker.ts',
    'chunks/mcp-worker': 'services/catalog/src/sources/mcp/worker.ts',
    'services/gateway': 'services/gateway/src/main.ts',
    'services/catalog': 'services/catalog/src/main.ts',
    'services/connections': 'services/connections/src/main.ts',
    'services/policy': 'services/policy/src/main.ts',
    'services/executor': 'services/executor/src/main.ts',
    'chunks/checkpoint-worker': 'packages/storage/src/checkpoints/worker.ts',
    'chunks/sandbox-worker': 'services/executor/src/sandbox/worker.ts',
  },
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  chunkNames: 'chunks/[name]-[hash]',
  assetNames: 'chunks/[name]-[hash]',
  external,
  plugins,
  sourcemap: 'linked',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Some packages are CommonJS and ask for `require` and their folder.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
})

// Compiled code is kept beside the bundle, by whoever may write there: the next start spares itself
// the compiler. What is imported statically would be compiled before anybody could say so.
writeFileSync(
  join(out, 'executor.mjs'),
  `import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
enableCompileCache(join(import.meta.dirname, '.compile-cache'))
await import('./chunks/executor.mjs')
`,
)
cpSync(
  createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm'),
  join(out, 'chunks', 'quickjs.wasm'),
)

if (process.argv.includes('--image')) {
  for (const name of ['@prisma/schema-engine-wasm', 'libsql']) {
    copyPackage(name, root)
  }
}

/** Copies a package and what it depends on into dist/node_modules. */
function copyPackage(name: string, from: string): void {
  const target = join(out, 'node_modules', name)
  if (existsSync(target)) return
  const folder = findPackage(name, from)
  if (!folder) return
  cpSync(folder, target, { recursive: true })
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as { dependencies?: object; optionalDependencies?: object }
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) {
    copyPackage(needed, folder)
  }
}

/** Where Node would find it; null for optional packages of other platforms. */
function findPackage(name: string, from: string): string | null {
  const paths = createRequire(join(from, 'package.json')).resolve.paths(name) ?? []
  return paths.map((path) => join(path, name)).find((path) => existsSync(path)) ?? null
}

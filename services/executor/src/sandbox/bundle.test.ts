import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { sandboxFiles } from './files.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

it('works from a minified bundle with its worker and QuickJS beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-bundle-'))
  const entry = join(folder, 'entry.ts')
  await writeFile(
    entry,
    `import { createSandboxPool } from ${JSON.stringify(here('./sandbox.ts'))}
     const pool = createSandboxPool({ threads: 1 })
     const code = 'return [new URL("https://a.b/c").host, (await tools.x({})), Math.random() < 1, btoa("hi")]'
     const host = { call: async () => ({ json: '"answered"' }) }
     console.log(JSON.stringify(await pool.run({ code, seed: 's', startedAt: 0 }, host)))
     await pool.close()`,
  )

  await build({
    entryPoints: { main: entry, 'sandbox-worker': here('./worker.ts') },
    outdir: folder,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    outExtension: { '.js': '.mjs' },
    banner: {
      js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
    },
  })
  await copyFile(sandboxFiles().wasm, join(folder, 'quickjs.wasm'))
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'main.mjs')])
  await rm(folder, { recursive: true })

  expect(JSON.parse(stdout)).toMatchObject({ result: '["a.b","answered",true,"aGk="]' })
})

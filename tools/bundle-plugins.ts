// What esbuild is told beyond its options, so that a bundle starts sooner and holds less.
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import type { Plugin } from 'esbuild'

/**
 * Takes from Node's own modules what is imported and nothing else. An ES import asks such a module
 * for every one of its exports, and for `node:http` that alone loads the whole of fetch.
 */
const nodeModules: Plugin = {
  name: 'node-modules-in-parts',
  setup(build) {
    build.onResolve({ filter: /^[a-z_:/]+$/ }, ({ kind, path }) =>
      kind === 'import-statement' && isBuiltin(path) ? { path, namespace: 'node' } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'node' }, ({ path }) => {
      const parts = Object.getOwnPropertyNames(process.getBuiltinModule(path))
        .filter((name) => /^\w+$/.test(name) && name !== 'default')
        .map((name) => `export const ${name} = /* @__PURE__ */ part('${name}')`)
      const whole = `const whole = process.getBuiltinModule('${path}')`
      const head = `${whole}; const part = (name) => whole[name]; export default whole`
      return { contents: [head, ...parts].join('\n') }
    })
  },
}

/** Error messages of zod in every language: nobody can choose another than English. */
const zodInEnglish: Plugin = {
  name: 'zod-in-english',
  setup(build) {
    build.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
    }))
  },
}

/** Prisma's compiler as the bytes it is: a text of it takes twice the memory, and must be decoded. */
const wasmAsBytes: Plugin = {
  name: 'wasm-as-bytes',
  setup(build) {
    build.onLoad({ filter: /\.wasm-base64\.mjs$/, namespace: 'file' }, () => ({
      contents: `
        import { readFileSync } from 'node:fs'
        import file from 'wasm-bytes'
        export const wasm = readFileSync(new URL(file, import.meta.url))`,
    }))
    build.onResolve({ filter: /^wasm-bytes$/ }, ({ importer }) => ({
      path: importer.replace('-base64.mjs', ''),
      namespace: 'wasm',
    }))
    build.onLoad({ filter: /.*/, namespace: 'wasm' }, ({ path }) => {
      const [, base64] =
        /const wasm = "([^"]+)"/.exec(readFileSync(`${path}-base64.mjs`, 'utf8')) ?? []
      if (!base64) return { errors: [{ text: 'The compiler is not written as it used to be.' }] }
      return { contents: Buffer.from(base64, 'base64'), loader: 'file' }
    })
  },
}

/**
 * What egress uses of undici. Its index loads all there is: mocks, caches, sockets, HTTP/2 (which egress
 * does not speak), and fetch, which only few requests need and the first of them loads.
 */
const undiciInParts: Plugin = {
  name: 'undici-in-parts',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, ({ kind, resolveDir }) =>
      kind === 'import-statement'
        ? { path: 'undici', namespace: 'undici', pluginData: resolveDir }
        : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'undici' }, ({ pluginData }) => ({
      resolveDir: pluginData,
      contents: `
        export { default as Agent } from 'undici/lib/dispatcher/agent.js'
        export { default as buildConnector } from 'undici/lib/core/connect.js'
        export const fetch = (...input) => require('undici/lib/web/fetch/index.js').fetch(...input)`,
    }))
    build.onLoad({ filter: /undici[/\\]lib[/\\]dispatcher[/\\]client-h2\.js$/ }, () => ({
      contents: `module.exports = () => { throw new Error('HTTP/2 is not spoken here.') }`,
    }))
  },
}

export const plugins: Plugin[] = [nodeModules, zodInEnglish, wasmAsBytes, undiciInParts]

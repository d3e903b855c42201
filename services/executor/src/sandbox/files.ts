import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

export interface SandboxFiles {
  /** What a sandbox thread runs. */
  worker: URL
  /** QuickJS, compiled to WebAssembly. */
  wasm: URL
}

const SOURCE = '.ts'

/**
 * Where the sandbox's two files lie: from source, in this folder and in the QuickJS package; in a
 * bundle, beside it as `sandbox-worker.mjs` and `quickjs.wasm`.
 */
export function sandboxFiles(overrides: Partial<SandboxFiles> = {}): SandboxFiles {
  if (!import.meta.url.endsWith(SOURCE)) {
    return {
      worker: new URL('./sandbox-worker.mjs', import.meta.url),
      wasm: new URL('./quickjs.wasm', import.meta.url),
      ...overrides,
    }
  }
  const { resolve } = createRequire(import.meta.url)
  return {
    worker: new URL('./worker.ts', import.meta.url),
    wasm: pathToFileURL(resolve('@jitl/quickjs-wasmfile-release-sync/wasm')),
    ...overrides,
  }
}

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{packages,services,tools,web}/**/*.test.ts'],
    globalSetup: ['packages/storage/src/testing-setup.ts'],
    // One per core: files wait for servers as much as they compute. The default leaves one core idle.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // A fault of V8: it may end the process when it frees code of WebAssembly, and each store that a test
    // opens has some (nodejs/node#64500).
    execArgv: ['--no-wasm-code-gc'],
  },
})

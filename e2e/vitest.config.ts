import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['journeys/**/*.test.ts'],
    globalSetup: ['harness/global-setup.ts'],
    reporters: ['default', './harness/plain-summary.ts'],
    // One form at a time: a journey measures itself against processes that share these cores.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})

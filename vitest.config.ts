import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{packages,services,tools,web}/**/*.test.ts'],
    globalSetup: ['packages/storage/src/testing-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
})

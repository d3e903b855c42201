import { boot } from '@executor/boot'
import { policy } from '@executor/contracts'
import { configSchema } from './config.ts'
import { createPolicy } from './service.ts'
import { openStore } from './store.ts'

await boot('policy', configSchema, async ({ config, bus, own }) => {
  const store = own(await openStore(config.DATABASE_URL))
  await bus.serve(policy, createPolicy({ store, bus, clock: Date.now }))
})

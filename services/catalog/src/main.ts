import { boot } from '@executor/boot'
import { catalog } from '@executor/contracts'
import { createEgress } from '@executor/egress'
import { configSchema } from './config.ts'
import { createCatalog } from './service.ts'
import { openStore } from './store.ts'

await boot('catalog', configSchema, async ({ config, bus, own }) => {
  const store = own(await openStore(config.DATABASE_URL))
  const egress = own(createEgress({ allowLocalNetwork: config.EXECUTOR_ALLOW_LOCAL_NETWORK }))
  const service = own(createCatalog({ store, bus, egress }))
  await bus.serve(catalog, service.handlers)
})

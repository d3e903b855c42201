import { boot } from '@executor/boot'
import { catalog } from '@executor/contracts'
import { createEgress } from '@executor/egress'
import { configSchema } from './config.ts'
import { createCatalog } from './service.ts'
import { openStore } from './store.ts'

await boot('catalog', configSchema, async ({ config, bus, log, own }) => {
  const store = own(await openStore(config.DATABASE_URL))
  const egress = own(createEgress({ allowLocalNetwork: config.EXECUTOR_ALLOW_LOCAL_NETWORK }))
  const onError = (error: unknown, context: object) =>
    log.error({ err: error, ...context }, 'background work failed')
  const service = own(createCatalog({ store, bus, egress, onError }))
  await bus.serve(catalog, service.handlers)
  await service.follow()
})

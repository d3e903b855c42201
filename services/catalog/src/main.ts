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
  const refreshEveryMsMin = config.EXECUTOR_REFRESH_SECONDS_MIN * 1000
  const service = own(createCatalog({ store, bus, egress, refreshEveryMsMin, onError }))
  await bus.serve(catalog, service.handlers)
  await service.follow()
})

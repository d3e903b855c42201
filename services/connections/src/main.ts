import { resolve } from 'node:path'
import { boot } from '@executor/boot'
import { configSchema, credentialEnvironment } from './config.ts'
import { openConnections } from './service.ts'
import { openStore } from './store.ts'

await boot('connections', configSchema, async ({ config, bus, log, own }) => {
  const store = own(await openStore(config.DATABASE_URL))
  own(
    await openConnections({
      store,
      bus,
      log,
      keys: {
        secretKey: config.EXECUTOR_SECRET_KEY,
        previousSecretKey: config.EXECUTOR_SECRET_KEY_PREVIOUS,
        directory: config.EXECUTOR_DATA_DIR && resolve(config.EXECUTOR_DATA_DIR),
      },
      environment: credentialEnvironment(config),
    }),
  )
})

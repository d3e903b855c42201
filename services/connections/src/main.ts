import { resolve } from 'node:path'
import { boot } from '@executor/boot'
import { createEgress } from '@executor/egress'
import { configSchema, credentialEnvironment } from './config.ts'
import { openConnections } from './service.ts'
import { openStore } from './store.ts'

await boot('connections', configSchema, async ({ config, bus, log, own }) => {
  const store = own(await openStore(config.DATABASE_URL))
  own(
    await openConnections({
      store,
      bus,
      egress: own(createEgress({ allowLocalNetwork: config.EXECUTOR_ALLOW_LOCAL_NETWORK })),
      allowLocalNetwork: config.EXECUTOR_ALLOW_LOCAL_NETWORK,
      clientDocument: config.EXECUTOR_OAUTH_CLIENT_ID,
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

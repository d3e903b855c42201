import { boot } from '@executor/boot'
import { configSchema, toGatewayConfig } from './config.ts'
import { createGateway, createLocalBearers } from './service.ts'

await boot('gateway', configSchema, async ({ config, bus, log, own }) => {
  const auth = createLocalBearers({
    ownerToken: config.EXECUTOR_AUTH_TOKEN,
    agentToken: config.EXECUTOR_AGENT_TOKEN,
  })
  const app = own(await createGateway({ bus, auth, config: toGatewayConfig(config), log }))
  await app.listen({ port: config.PORT, host: config.EXECUTOR_HOST })
})

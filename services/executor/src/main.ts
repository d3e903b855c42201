import { boot } from '@executor/boot'
import { createEgress } from '@executor/egress'
import { configSchema, toMilliseconds, toStdioEnvironment } from './config.ts'
import { openExecutor } from './service.ts'
import { openStore } from './store.ts'

await boot('executor', configSchema, async ({ config, bus, log, own }) => {
  const store = own(await openStore(config.DATABASE_URL))
  const egress = own(createEgress({ allowLocalNetwork: config.EXECUTOR_ALLOW_LOCAL_NETWORK }))
  own(
    await openExecutor({
      store,
      bus,
      egress,
      elicitationMode: config.EXECUTOR_ELICITATION_MODE,
      interactionTtlMs: toMilliseconds(config.EXECUTOR_APPROVAL_DAYS),
      retentionMs: toMilliseconds(config.EXECUTOR_RETENTION_DAYS),
      webBaseUrl: () => config.EXECUTOR_WEB_BASE_URL,
      sandboxThreads: config.EXECUTOR_SANDBOX_THREADS,
      stdioEnvironment: toStdioEnvironment(config.EXECUTOR_ALLOW_STDIO_MCP),
      log,
      onError: (error, context) => log.error({ err: error, ...context }, 'run failed on our side'),
    }),
  )
})

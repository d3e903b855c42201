import { describe } from 'vitest'
import { busSuite } from './bus-suite.ts'
import { connectNatsBus } from './nats.ts'
import { startNats, whyNoNats } from './testing/start-nats.ts'

const missing = await whyNoNats()
if (missing !== null) console.warn(`The NATS suite is skipped: ${missing}`)

describe.skipIf(missing !== null)('NATS', () => {
  busSuite('connectNatsBus', async () => {
    const nats = await startNats()
    return {
      connect: (name, onError) => connectNatsBus({ ...nats.login(name), onError }),
      close: () => nats.stop(),
    }
  })
})

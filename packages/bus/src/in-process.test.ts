import { busSuite } from './bus-suite.ts'
import { createInProcessBus } from './in-process.ts'

busSuite('createInProcessBus', async () => {
  let report = (..._fault: unknown[]) => {}
  const hub = createInProcessBus({ onError: (...fault) => report(...fault) })
  return {
    connect: async (name, onError) => {
      report = onError as typeof report
      return hub.connect(name)
    },
    close: () => hub.close(),
  }
})

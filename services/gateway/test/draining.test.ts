import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startGateway } from './harness.ts'

describe('a gateway that stops', () => {
  it('answers what it was asked, and then no more', async () => {
    const { promise: started, resolve: start } = Promise.withResolvers<void>()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const gateway = await startGateway({
      executor: {
        invoke: async () => {
          start()
          await released
          return { json: '{"ok":true,"data":1}' }
        },
      },
    })

    const asked = gateway.json('/api/tools/invoke', { body: { address: 'a' } })
    await started
    const closed = gateway.close()
    release()

    expect(await asked).toMatchObject({ status: 200, body: { ok: true, data: 1 } })
    await closed
    await expect(gateway.ask('/api/health')).rejects.toThrow()
  })

  it('waits for no connection that asks nothing', async () => {
    const gateway = await startGateway()
    const idle = connect(gateway.port, '127.0.0.1')
    await once(idle, 'connect')
    const ended = once(idle, 'close')

    await gateway.close()

    await ended
  })
})

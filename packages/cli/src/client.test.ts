import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createClient } from './client.ts'

const server = createServer(() => {
  // Answers nothing.
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

describe('createClient', () => {
  it('says that what it no longer waits for may go on', async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

    const late = createClient({ origin, token: 'key' }, 10).post('/executions/exec_1/resume', {})

    await expect(late).rejects.toMatchObject({
      name: 'CommandFailure',
      message: `${origin} has not answered for 0.01 seconds. What it was asked for may go on: executor runs list`,
    })
  })
})

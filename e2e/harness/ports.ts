import { createServer } from 'node:net'
import { invariant } from '@executor/contracts'

/** A port that nothing listens on. It stays the same when what listens there starts again. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      invariant(typeof address === 'object' && address !== null, 'a TCP server has a port')
      probe.close(() => resolve(address.port))
    })
  })
}

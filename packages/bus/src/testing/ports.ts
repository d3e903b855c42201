import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { invariant } from '@executor/contracts'

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152), so
 * that none of those takes one between the moment it is found and the moment its server listens, or
 * while that server is down.
 */
const FIRST_PORT = 20_000
const LAST_PORT = 32_000
const ATTEMPTS_MAX = 1_000

const given = new Set<number>()

/**
 * A port of 127.0.0.1 that nothing listens on, and that this process was not told before: servers that
 * are planned together must not get the same one. It stays free while what listens there starts again.
 */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const port = randomInt(FIRST_PORT, LAST_PORT)
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) return port
  }
  invariant(false, `a free port was found within ${ATTEMPTS_MAX} attempts`)
}

/** Health endpoints listen on every address, others on loopback alone: it must be free for both. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, () => probe.close(() => resolve(true)))
  })
}

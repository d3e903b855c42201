import { afterAll, beforeAll, describe } from 'vitest'
import { drainSuite } from './suite/drain.ts'
import { eventSuite } from './suite/events.ts'
import type { BusFixture } from './suite/fixture.ts'
import { limitSuite } from './suite/limits.ts'
import { queueSuite } from './suite/queues.ts'
import { requestSuite } from './suite/requests.ts'
import { tracingSuite } from './suite/tracing.ts'

/** What a bus means, whatever carries it. */
export function busSuite(name: string, open: () => Promise<BusFixture>): void {
  describe(name, () => {
    let fixture: BusFixture
    const opened = () => fixture
    beforeAll(async () => {
      fixture = await open()
    })
    afterAll(() => fixture?.close())

    requestSuite(opened)
    limitSuite(opened)
    drainSuite(opened)
    eventSuite(opened)
    queueSuite(opened)
    tracingSuite(opened)
  })
}

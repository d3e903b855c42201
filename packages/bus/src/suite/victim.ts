import { connectNatsBus, type NatsBusOptions } from '../nats.ts'
import { catalog, catalogHandlers, Job } from './fixture.ts'

/** What the parent process asks for. The child says `ready`, then `taken`, and never finishes. */
export interface VictimOrder {
  login: NatsBusOptions
  /** Works on it; without one, the child serves. */
  queue?: { subject: string; ackWaitMs: number; attemptsMax: number }
}

/** A process of its own, to be killed while it has something in hand. */
process.on('message', async ({ login, queue }: VictimOrder) => {
  const never = () => {
    process.send?.('taken')
    return new Promise<never>(() => {})
  }
  const bus = await connectNatsBus({ ...login, onError: () => {} })
  if (queue === undefined) await bus.serve(catalog, catalogHandlers({ act: never, echo: never }))
  else await bus.work({ ...queue, job: Job }, { concurrency: 1 }, never)
  process.send?.('ready')
})

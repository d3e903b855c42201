import {
  type AnyContract,
  type Bus,
  createInProcessBus,
  type Handlers,
  type InProcessBus,
} from '@executor/bus'
import { catalog, connections, executor, policy, ServiceError } from '@executor/contracts'

/** Neighbours answer what a test gives them, and say that they were not expected anything else. */
export interface Neighbours {
  catalog?: Partial<Handlers<typeof catalog>>
  connections?: Partial<Handlers<typeof connections>>
  policy?: Partial<Handlers<typeof policy>>
  executor?: Partial<Handlers<typeof executor>>
}

export interface Neighbourhood {
  /** The gateway's own view of the bus. */
  gateway: Bus
  /** A neighbour's, to publish events from. */
  neighbour: Bus
  close(): Promise<void>
}

/** The four services as the gateway sees them: their contracts on a real bus. */
export async function openNeighbourhood(given: Neighbours = {}): Promise<Neighbourhood> {
  const bus: InProcessBus = createInProcessBus({ onError: () => {} })
  const neighbour = bus.connect('neighbour')
  await serve(neighbour, catalog, given.catalog)
  await serve(neighbour, connections, given.connections)
  await serve(neighbour, policy, given.policy)
  await serve(neighbour, executor, given.executor)
  return { gateway: bus.connect('gateway'), neighbour, close: () => bus.close() }
}

async function serve<C extends AnyContract>(
  bus: Bus,
  contract: C,
  given: Partial<Handlers<C>> = {},
): Promise<void> {
  const unexpected = Object.fromEntries(
    Object.values(contract.methods).map(({ name, subject }) => [name, () => refuse(subject)]),
  )
  await bus.serve(contract, { ...unexpected, ...given } as Handlers<C>)
}

function refuse(subject: string): never {
  throw new ServiceError('failed_precondition', 'test_unexpected', `${subject} was not expected`)
}

import { defineContract, defineEvent, defineQueue, type Principal } from '@executor/contracts'
import { z } from 'zod'
import type { Bus, Handlers } from '../bus.ts'
import type { Fault, OnError } from '../faults.ts'

/** What a suite needs of a transport: buses for any of our services, and what they report. */
export interface BusFixture {
  connect(name: string, onError: OnError): Promise<Bus>
  close(): Promise<void>
}

export interface ReportedFault extends Fault {
  error: unknown
}

/** The buses and the faults of one test. */
export interface World {
  connect(name: string): Promise<Bus>
  faults: ReportedFault[]
  /** Resolves with the next fault of this kind. */
  nextFault(during: Fault['during']): Promise<ReportedFault>
  close(): Promise<void>
}

export function createWorld(fixture: BusFixture): World {
  const buses: Bus[] = []
  const faults: ReportedFault[] = []
  const waiting: { during: string; resolve: (fault: ReportedFault) => void }[] = []
  const onError: OnError = (error, fault) => {
    const reported = { ...fault, error }
    faults.push(reported)
    const index = waiting.findIndex(({ during }) => during === fault.during)
    if (index !== -1) waiting.splice(index, 1)[0]?.resolve(reported)
  }
  return {
    faults,
    connect: async (name) => {
      const bus = await fixture.connect(name, onError)
      buses.push(bus)
      return bus
    },
    nextFault: (during) => new Promise((resolve) => waiting.push({ during, resolve })),
    close: async () => {
      for (const bus of buses.reverse()) await bus.close()
    },
  }
}

const Text = z.object({ text: z.string() })
export const Job = z.object({ run: z.string() })

export const catalog = defineContract('catalog', {
  echo: {
    input: z.object({
      text: z.string().max(70_000_000).default('nothing'),
      tags: z.string().array().default([]),
    }),
    output: z.object({ text: z.string(), tags: z.string().array() }),
    access: 'read',
    idempotent: true,
    timeoutMs: 15_000,
  },
  act: { input: Text, output: Text, access: 'call', timeoutMs: 15_000 },
  wait: { input: z.object({}), output: z.null(), access: 'call', timeoutMs: 10_000 },
  whoAsks: {
    input: z.object({}),
    output: z.object({ subject: z.string(), roles: z.string().array(), leftMs: z.number() }),
    access: 'read',
  },
  passThrough: { input: Text, output: z.unknown(), access: 'read', encoded: true },
  passBytes: { input: Text, output: z.unknown(), access: 'read', encoded: 'bytes' },
  change: { input: z.object({}), output: z.literal('changed'), access: 'manage' },
  serviceOnly: { input: z.object({}), output: z.literal('served'), access: 'internal' },
})

export const policy = defineContract('policy', {
  echo: { input: Text, output: Text, access: 'read', idempotent: true },
})

export const executor = defineContract('executor', {
  relay: { input: z.object({}), output: z.null(), access: 'call', timeoutMs: 10_000 },
})

/** Handlers that do the plain thing, but for those a test brings. */
export function catalogHandlers(
  own: Partial<Handlers<typeof catalog>> = {},
): Handlers<typeof catalog> {
  return {
    echo: (input) => input,
    act: (input) => input,
    wait: () => null,
    whoAsks: (_input, { principal, deadline }) => ({
      subject: principal.subject,
      roles: principal.roles,
      leftMs: deadline - Date.now(),
    }),
    passThrough: ({ text }) => ({ json: text }),
    passBytes: ({ text }) => ({ bytes: Buffer.from(text) }),
    change: () => 'changed',
    serviceOnly: () => 'served',
    ...own,
  }
}

export const toolsRefreshed = defineEvent(
  'catalog',
  'toolsRefreshed',
  z.object({ count: z.number() }),
)

let queues = 0
/** A queue of its own for every test: queues outlive the buses that made them. */
export function aQueue(bounds: { ackWaitMs?: number; attemptsMax?: number } = {}) {
  queues += 1
  const name = `test${Date.now()}x${queues}`
  return defineQueue('executor', name, Job, { ackWaitMs: 5_000, attemptsMax: 5, ...bounds })
}

export function aPrincipal(own: Partial<Principal> = {}): Principal {
  return { tenant: 'acme', subject: 'ada', roles: ['owner'], via: 'rest', ...own }
}

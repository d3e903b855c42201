import type { Bus } from '@executor/bus'
import type { Egress } from '@executor/egress'
import type { Journal } from './journal.ts'
import type { Protocols } from './protocols/protocol.ts'
import type { Announcements } from './runs/announcements.ts'
import type { SandboxPool } from './sandbox/sandbox.ts'
import type { Store } from './store.ts'
import type { Tools } from './tools/tool.ts'

/** Where a person's answer may come from; design of the instance, not of a request. */
export type ElicitationMode = 'browser' | 'native' | 'model'

export interface ExecutorSettings {
  /** This process, among all that hold runs. */
  holder: string
  elicitationMode: ElicitationMode
  /** Milliseconds an interaction stays open; it waits for ever when null. */
  interactionTtlMs: number | null
  /** Milliseconds that settled runs are kept; for ever when null. */
  retentionMs: number | null
}

/** What the executor's handlers work with. */
export interface ExecutorDeps {
  sandbox: SandboxPool
  store: Store
  journal: Journal
  bus: Bus
  egress: Egress
  protocols: Protocols
  tools: Tools
  announcements: Announcements
  settings: ExecutorSettings
}

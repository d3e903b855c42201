import { randomUUID } from 'node:crypto'
import type { Bus, Handlers, Subscription } from '@executor/bus'
import { agentConnected, executor, LEASE_MS, runsChanged } from '@executor/contracts'
import type { Egress } from '@executor/egress'
import type { ElicitationMode, ExecutorDeps } from './deps.ts'
import { answerInteraction } from './handlers/answer-interaction.ts'
import { awaitRun } from './handlers/await-run.ts'
import { cancelRun } from './handlers/cancel-run.ts'
import { discoverSource } from './handlers/discover-source.ts'
import { execute } from './handlers/execute.ts'
import { getInteraction } from './handlers/get-interaction.ts'
import { getRun } from './handlers/get-run.ts'
import { invoke } from './handlers/invoke.ts'
import { listInteractions } from './handlers/list-interactions.ts'
import { listRuns } from './handlers/list-runs.ts'
import { probeCredential } from './handlers/probe-credential.ts'
import { readResult } from './handlers/read-result.ts'
import { rerunRun } from './handlers/rerun-run.ts'
import { createJournal } from './journal.ts'
import type { Protocols, UpstreamLog } from './protocols/protocol.ts'
import { createProtocols } from './protocols/protocols.ts'
import { createAnnouncements } from './runs/announcements.ts'
import type { HandlerDeps } from './runs/engine.ts'
import { announceHolder } from './runs/presence.ts'
import { createRunner } from './runs/runner.ts'
import { startUpkeep } from './runs/upkeep.ts'
import { createSandboxPool } from './sandbox/sandbox.ts'
import type { Store } from './store.ts'
import { coreTools } from './tools/core.ts'
import { integrationTools } from './tools/integration.ts'
import { sandboxTools } from './tools/sandbox.ts'
import { joinTools } from './tools/tool.ts'

export type { ElicitationMode } from './deps.ts'
export { serverEnvironment } from './protocols/mcp/stdio/environment.ts'

export interface ExecutorOptions {
  store: Store
  bus: Bus
  egress: Egress
  elicitationMode: ElicitationMode
  /** Milliseconds an interaction stays open; it waits for ever when null. */
  interactionTtlMs: number | null
  /** Milliseconds that settled runs are kept; for ever when null. */
  retentionMs: number | null
  /** Where people open the console. */
  webBaseUrl: () => string
  sandboxThreads: number
  /** Every kind that is built in, when absent. */
  protocols?: Protocols
  /** What MCP servers get of our environment when they are started; null where none may be. */
  stdioEnvironment: Readonly<Record<string, string>> | null
  log: UpstreamLog
  onError(error: unknown, context: Record<string, unknown>): void
}

export interface ExecutorService {
  close(): Promise<void>
}

/** Opens the service: serves its contract, works on its queue, keeps its runs alive. */
export async function openExecutor(options: ExecutorOptions): Promise<ExecutorService> {
  const { store, bus, egress, log, stdioEnvironment, onError } = options
  const journal = createJournal(store, (error, runId) => onError(error, { runId, task: 'journal' }))
  const { protocols = createProtocols({ bus, log, stdioEnvironment }) } = options
  const sandbox = createSandboxPool({ threads: options.sandboxThreads })
  const deps: ExecutorDeps = {
    store,
    journal,
    bus,
    egress,
    protocols,
    sandbox,
    announcements: createAnnouncements(bus),
    tools: joinTools([
      sandboxTools(bus),
      coreTools({ bus, webBaseUrl: options.webBaseUrl }),
      // Where one process has it all, services answer as fast as memory does.
      integrationTools({
        bus,
        egress,
        protocols,
        webBaseUrl: options.webBaseUrl,
        leaseMs: store.engine === 'sqlite' ? 0 : LEASE_MS,
      }),
    ]),
    settings: {
      holder: `worker_${randomUUID()}`,
      elicitationMode: options.elicitationMode,
      interactionTtlMs: options.interactionTtlMs,
      retentionMs: options.retentionMs,
    },
  }
  const runner = createRunner(deps, (error, runId) => onError(error, { runId }))
  const handlerDeps: HandlerDeps = { ...deps, runner }
  const events: Subscription[] = []
  await Promise.all([...protocols.values()].map((protocol) => protocol.open?.()))
  // News from other workers wakes whoever waits here.
  const tellWaiters = ({ runs }: { runs: { id: string }[] }) => {
    for (const { id } of runs) runner.waiters.tell(id)
  }
  events.push(await bus.subscribe(runsChanged, tellWaiters))
  const prepareSandbox = () => {
    sandbox.prepare().catch((error: unknown) => onError(error, { task: 'prepare a sandbox' }))
  }
  events.push(await bus.subscribe(agentConnected, prepareSandbox))
  const onUpkeepError = (error: unknown, task: string) => onError(error, { task })
  const presence = await announceHolder(deps, onUpkeepError)
  const instance = deps.settings.holder
  const served = await bus.serve(executor, createExecutor(handlerDeps), { instance })
  await runner.work()
  const upkeep = await startUpkeep(handlerDeps, presence, onUpkeepError)

  return {
    async close() {
      await Promise.all([served.drain(), runner.drain()])
      await upkeep.close()
      // What has settled must be known before others look for runs that nobody holds.
      await journal.close()
      await presence.close()
      await Promise.all(events.map((event) => event.drain()))
      deps.announcements.close()
      await sandbox.close()
      await Promise.all([...protocols.values()].map((protocol) => protocol.close?.()))
    },
  }
}

/** What runs: the table of contents of this service. */
export function createExecutor(deps: HandlerDeps): Handlers<typeof executor> {
  return {
    invoke: invoke(deps),
    execute: execute(deps),
    awaitRun: awaitRun(deps),
    answerInteraction: answerInteraction(deps),
    getInteraction: getInteraction(deps),
    listInteractions: listInteractions(deps),
    cancelRun: cancelRun(deps),
    rerunRun: rerunRun(deps),
    readResult: readResult(deps),
    probeCredential: probeCredential(deps),
    discoverSource: discoverSource(deps),
    listRuns: listRuns(deps),
    getRun: getRun(deps),
  }
}

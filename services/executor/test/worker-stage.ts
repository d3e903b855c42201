import type { DatabaseFactory } from '@executor/storage/testing'
import { afterEach, beforeEach } from 'vitest'
import { type AskingUpstream, type Script, startAskingUpstream } from './asking-upstream.ts'
import { startWorker, type Worker, type WorkerOptions } from './fixtures.ts'

/** A database and an upstream, new for every test, and the workers that it starts on them. */
export interface WorkerStage {
  readonly databaseUrl: string
  readonly upstream: AskingUpstream
  start(options?: Partial<WorkerOptions>): Promise<Worker>
  /** Closes the worker that was started last. */
  stop(): Promise<void>
}

/** Workers that a test does not close itself are closed after it. */
export function useWorkers({ create }: DatabaseFactory, script: Script = {}): WorkerStage {
  const running: Worker[] = []
  let database: Awaited<ReturnType<DatabaseFactory['create']>>
  let upstream: AskingUpstream
  beforeEach(async () => {
    database = await create()
    upstream = await startAskingUpstream(script)
  })
  afterEach(async () => {
    await Promise.all(running.splice(0).map((worker) => worker.close()))
    await upstream[Symbol.asyncDispose]()
    await database.drop()
  })
  return {
    get databaseUrl() {
      return database.url
    },
    get upstream() {
      return upstream
    },
    async start(options = {}) {
      const worker = await startWorker({
        databaseUrl: database.url,
        protocol: upstream.protocol,
        ...options,
      })
      running.push(worker)
      return worker
    },
    async stop() {
      await running.pop()?.close()
    },
  }
}

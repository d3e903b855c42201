import type { ExecutorDeps } from '../deps.ts'
import type { Runner } from './runner.ts'

/** What handlers work with: what the service is made of, and the runs that this process holds. */
export interface HandlerDeps extends ExecutorDeps {
  runner: Runner
}

import type { SandboxFailure } from '../host.ts'
import type { SandboxLimits } from '../limits.ts'
import { limitFailure } from './failures.ts'
import { SandboxFull } from './quickjs.ts'

/** A script that did not ask for what its journal answers is another script. */
export function divergedFailure(index: number): SandboxFailure {
  return {
    kind: 'replay_diverged',
    message: `The journal answers call ${index}, which the script did not make this time.`,
  }
}

export function strandedFailure(): SandboxFailure {
  return {
    kind: 'script_error',
    message:
      'The script waits for a promise that nothing will settle: no call and no timer is left. ' +
      'Look for a Promise whose resolve is never called.',
  }
}

/** QuickJS itself gave up; its memory is not used again. */
export function trapFailure(error: unknown, limits: SandboxLimits): SandboxFailure {
  if (error instanceof SandboxFull) return limitFailure('memory_limit', limits)
  if (error instanceof RangeError) return limitFailure('stack_limit', limits)
  return { kind: 'script_error', message: 'The script broke the sandbox it ran in.' }
}

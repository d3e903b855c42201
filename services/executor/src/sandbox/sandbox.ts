// The door of the sandbox: the rest of the service imports from here.

export {
  type CallAnswer,
  type FailureKind,
  type SandboxCall,
  type SandboxHost,
  type SandboxInput,
  type SandboxOutcome,
  type SandboxPool,
  type SettledCall,
  Suspend,
} from './host.ts'
export type { SandboxLimits } from './limits.ts'
export { createSandboxPool, type SandboxPoolOptions } from './pool.ts'

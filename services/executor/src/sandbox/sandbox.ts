// The door of the sandbox: the rest of the service imports from here.

export { callDigest } from './digest.ts'
export {
  type CallAnswer,
  type FailureKind,
  type LogLine,
  type SandboxCall,
  type SandboxFailure,
  type SandboxHost,
  type SandboxInput,
  type SandboxOutcome,
  type SandboxPool,
  type SandboxTrail,
  type SandboxUse,
  type SettledCall,
  Suspend,
} from './host.ts'
export { SANDBOX_LIMITS, type SandboxLimits } from './limits.ts'
export { createSandboxPool, type SandboxPoolOptions } from './pool.ts'

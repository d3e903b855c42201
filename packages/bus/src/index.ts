export type {
  AnyContract,
  AnyMethod,
  Bus,
  CallContext,
  Handler,
  Handlers,
  JobContext,
  RequestOptions,
  Subscription,
} from './bus.ts'
export { BUS_REASONS } from './failures.ts'
export type { Fault, OnError } from './faults.ts'
export { createInProcessBus, type InProcessBus } from './in-process.ts'

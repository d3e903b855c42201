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

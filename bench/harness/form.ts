/** One wiring of the product, running from its bundle. */
export interface BenchForm {
  readonly name: 'local' | 'cluster'
  readonly origin: string
  readonly ownerToken: string
  readonly agentToken: string
  /** Every process of ours, not those of NATS and PostgreSQL. */
  readonly pids: readonly number[]
  close(): Promise<void>
}

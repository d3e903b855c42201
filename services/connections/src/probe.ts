import type { RequestOptions } from '@executor/bus'
import {
  catalog,
  executor,
  type HealthCheckResult,
  type HealthCheckSpec,
  isServiceError,
  type Owner,
  type Secret,
} from '@executor/contracts'
import { revealValues } from './credentials.ts'
import type { HandlerDeps } from './deps.ts'
import { degradedHealth, toHealth } from './health.ts'

/** Milliseconds; the methods that wait for it have 60 s. */
const PROBE_TIMEOUT_MS = 50_000

export interface Probe {
  owner: Owner
  integration: string
  template: string
  values: ReadonlyMap<string, Secret>
  /** The integration's own check when absent, and else whatever its kind can tell. */
  spec?: HealthCheckSpec | undefined
}

/** Tries a credential upstream. Whatever comes of it is an answer; only giving up is an error. */
export async function probe(
  { bus, clock }: Pick<HandlerDeps, 'bus' | 'clock'>,
  { values, spec, ...target }: Probe,
  options: Pick<RequestOptions, 'principal' | 'signal'>,
): Promise<HealthCheckResult> {
  const { integration: slug } = target
  const check = spec ?? (await bus.request(catalog.getHealthCheck, { slug }, options))
  try {
    const found = await bus.request(
      executor.probeCredential,
      { ...target, values: revealValues(values), ...(check ? { spec: check } : {}) },
      { ...options, timeoutMs: PROBE_TIMEOUT_MS },
    )
    return toHealth(found, values)
  } catch (error) {
    if (!isServiceError(error) || error.code === 'cancelled') throw error
    return toHealth(degradedHealth(clock(), error.message), values)
  }
}

import { Secret } from '@executor/contracts'
import type { ReadOnlyProvider } from './provider.ts'

/** The only variables it reads: naming one so is how an operator hands it out. */
export const CREDENTIAL_PREFIX = 'EXECUTOR_CREDENTIAL_'

export interface EnvironmentOptions {
  variables: Record<string, string | undefined>
  /** The organization they are for; absent where there is only one. */
  tenant?: string | undefined
}

/**
 * Values that the operator put into our environment: `EXECUTOR_CREDENTIAL_GITHUB_TOKEN` is the item
 * `GITHUB_TOKEN`. Another organization on the same instance sees none of them.
 */
export function createEnvironmentProvider(options: EnvironmentOptions): ReadOnlyProvider {
  const values = new Map<string, Secret>()
  for (const [name, value] of Object.entries(options.variables)) {
    if (!name.startsWith(CREDENTIAL_PREFIX) || !value) continue
    values.set(name.slice(CREDENTIAL_PREFIX.length), new Secret(value))
  }
  const isFor = (tenant: string) => options.tenant === undefined || options.tenant === tenant
  return {
    key: 'env',
    writable: false,
    get: async ({ tenant, id }) => (isFor(tenant) ? (values.get(toName(id)) ?? null) : null),
    list: async (tenant) =>
      isFor(tenant) ? [...values.keys()].sort().map((id) => ({ id, name: id })) : [],
  }
}

function toName(id: string): string {
  return id.startsWith(CREDENTIAL_PREFIX) ? id.slice(CREDENTIAL_PREFIX.length) : id
}

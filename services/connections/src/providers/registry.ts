import { invariant, ServiceError } from '@executor/contracts'
import type { Log } from '../log.ts'
import type { Vault } from '../vault.ts'
import { createEncryptedProvider, type SecretRows } from './encrypted.ts'
import { createEnvironmentProvider, type EnvironmentOptions } from './environment.ts'
import { createMemoryProvider } from './memory.ts'
import type { CredentialProvider, WritableProvider } from './provider.ts'

export interface Providers {
  /** Where pasted values go: the first that is writable. */
  store: WritableProvider
  all: readonly CredentialProvider[]
  find(key: string): CredentialProvider | null
}

export interface ProviderOptions {
  rows: SecretRows
  /** Null keeps values in memory alone. */
  vault: Vault | null
  environment: EnvironmentOptions
  clock: () => number
  log: Log
}

/** The one list of credential providers: another one is a file beside this and a line here. */
export function registerProviders(options: ProviderOptions): Providers {
  const { vault } = options
  return createProviders([
    vault ? createEncryptedProvider({ ...options, vault }) : createMemoryProvider(),
    createEnvironmentProvider(options.environment),
  ])
}

export function createProviders(all: readonly CredentialProvider[]): Providers {
  const byKey = new Map(all.map((provider) => [provider.key, provider]))
  invariant(byKey.size === all.length, 'two credential providers have one key')
  const store = all.find((provider) => provider.writable)
  invariant(store, 'no credential provider can be written to')
  return { store, all, find: (key) => byKey.get(key) ?? null }
}

/** A provider whose items people may point connections at, by its key. */
export function getLinkable(providers: Providers, key: string): CredentialProvider {
  const provider = providers.find(key)
  if (provider?.list) return provider
  const keys = providers.all.filter(({ list }) => list).map((one) => one.key)
  throw new ServiceError(
    'failed_precondition',
    'credential_provider_unknown',
    `No credential provider "${key.slice(0, 64)}" to take values from. There is: ${keys.join(', ') || 'none'}.`,
    { details: { providers: keys } },
  )
}

import { Secret } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { createEnvironmentProvider } from './environment.ts'
import { createMemoryProvider } from './memory.ts'
import { createProviders } from './registry.ts'

const item = { tenant: 'acme', owner: 'user', subject: 'alice', id: 'i' } as const

describe('createProviders', () => {
  it('stores pasted values with the first that can be written to', () => {
    const env = createEnvironmentProvider({ variables: {} })
    const memory = createMemoryProvider()

    const providers = createProviders([env, memory])

    expect(providers.store).toBe(memory)
    expect(providers.find('env')).toBe(env)
    expect(providers.find('toString')).toBeNull()
  })

  it('refuses two of one key, and none to write to', () => {
    expect(() => createProviders([createMemoryProvider(), createMemoryProvider()])).toThrow('key')
    expect(() => createProviders([createEnvironmentProvider({ variables: {} })])).toThrow('written')
  })
})

describe('createMemoryProvider', () => {
  it('keeps a value for its own place until it is removed', async () => {
    const provider = createMemoryProvider()

    await provider.set(item, new Secret('shh'))

    expect((await provider.get(item))?.reveal()).toBe('shh')
    expect(await provider.get({ ...item, subject: 'bob' })).toBeNull()
    await provider.remove([item])
    expect(await provider.get(item)).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { createEnvironmentProvider } from './environment.ts'

const variables = { EXECUTOR_CREDENTIAL_TOKEN: 'shh', HOME: '/root', EXECUTOR_SECRET_KEY: 'key' }
const place = { tenant: 'acme', owner: 'org', subject: '' } as const

describe('createEnvironmentProvider', () => {
  it.each(['TOKEN', 'EXECUTOR_CREDENTIAL_TOKEN'])('reads %s', async (id) => {
    const provider = createEnvironmentProvider({ variables })

    expect((await provider.get({ ...place, id }))?.reveal()).toBe('shh')
  })

  it.each(['HOME', 'EXECUTOR_SECRET_KEY', '__proto__', 'constructor', ''])(
    'does not read %j',
    async (id) => {
      const provider = createEnvironmentProvider({ variables })

      expect(await provider.get({ ...place, id })).toBeNull()
    },
  )

  it('is for one organization where it is told which', async () => {
    const provider = createEnvironmentProvider({ variables, tenant: 'acme' })

    expect(await provider.list?.('acme')).toEqual([{ id: 'TOKEN', name: 'TOKEN' }])
    expect(await provider.list?.('other')).toEqual([])
    expect(await provider.get({ ...place, tenant: 'other', id: 'TOKEN' })).toBeNull()
  })
})

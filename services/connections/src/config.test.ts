import { describe, expect, it } from 'vitest'
import { configSchema, credentialEnvironment } from './config.ts'

const DATABASE_URL = 'postgresql://localhost/connections'
const variables = { EXECUTOR_CREDENTIAL_A: 'a', HOME: '/root' }

describe('configSchema', () => {
  it('refuses a short key without repeating it', () => {
    const parsed = configSchema.safeParse({ DATABASE_URL, EXECUTOR_SECRET_KEY: 'password123' })

    expect(parsed.success).toBe(false)
    expect(parsed.error?.message).toContain('at least 32 characters')
    expect(parsed.error?.message).not.toContain('password123')
  })
})

describe('credentialEnvironment', () => {
  it('hands the variables with the prefix to the organization that is named', () => {
    const config = configSchema.parse({ DATABASE_URL, EXECUTOR_CREDENTIALS_TENANT: 'acme' })

    expect(credentialEnvironment(config, variables)).toEqual({
      variables: { EXECUTOR_CREDENTIAL_A: 'a' },
      tenant: 'acme',
    })
  })

  it('hands out nothing where none is named', () => {
    const config = configSchema.parse({ DATABASE_URL })

    expect(credentialEnvironment(config, variables)).toEqual({ variables: {} })
  })
})

import { describe, expect, it } from 'vitest'
import { aDescription, anOperation, readOperation } from './fixtures.ts'

describe('servers', () => {
  it('are an argument where there is something to choose', async () => {
    const servers = [
      {
        url: 'https://{region}.example.com',
        variables: { region: { default: 'eu', enum: ['eu', 'us'] } },
      },
      { url: 'https://example.com/' },
    ]

    const { inputSchema, binding } = await readOperation(anOperation({ servers }))

    expect(inputSchema.properties.server).toMatchObject({
      properties: {
        url: { enum: ['https://{region}.example.com', 'https://example.com'] },
        variables: {
          properties: { region: { type: 'string', enum: ['eu', 'us'], default: 'eu' } },
        },
      },
    })
    expect(binding.servers).toEqual([
      {
        url: 'https://{region}.example.com',
        variables: { region: { default: 'eu', enum: ['eu', 'us'] } },
      },
      { url: 'https://example.com' },
    ])
  })

  it('of one address are none of the caller’s business', async () => {
    const { inputSchema, binding } = await readOperation(anOperation({}))

    expect(inputSchema.properties).toEqual({})
    expect(binding.servers).toBeUndefined()
  })

  it('of a path hold for its operations', async () => {
    const source = aDescription({
      paths: { '/a': { servers: [{ url: '../v2' }], get: { operationId: 'a' } } },
    })

    const { binding } = await readOperation(source, {
      url: 'https://example.com/docs/v1/openapi.json',
    })

    expect(binding.servers).toEqual([{ url: 'https://example.com/docs/v2' }])
  })
})

import { describe, expect, it } from 'vitest'
import { connectInstance } from './instance.ts'

describe('connectInstance', () => {
  it.each(['executor.example', 'localhost:4788', 'file:///etc'])(
    'says what an address has to be, instead of %s',
    async (baseUrl) => {
      await expect(connectInstance({ baseUrl })).rejects.toMatchObject({
        name: 'CommandFailure',
        message: `--base-url is an address such as https://executor.example, not "${baseUrl}".`,
      })
    },
  )
})

import { expect, it } from 'vitest'
import { JsonScan } from './json-scan.ts'

it.each(['[1, {"a": [', '{"a": "b', '["a" ', '['])(
  'is done with what breaks off: %s',
  async (text) => {
    await expect(new JsonScan(text).value(0)).rejects.toThrow('well-formed')
  },
)

it.each(['[1,', '["a", '])('looks for no elements behind the end of %s', async (text) => {
  await expect(new JsonScan(text).elements(0)).rejects.toThrow('well-formed')
})

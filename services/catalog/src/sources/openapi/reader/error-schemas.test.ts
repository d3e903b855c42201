import { expect, it } from 'vitest'
import { anOperation, readOperation } from './fixtures.ts'

const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const components = {
  schemas: { Problem: { type: 'object', properties: { title: { type: 'string' } } } },
  responses: { Missing: json({ $ref: '#/components/schemas/Problem' }) },
}
const problem = { $ref: '#/$defs/Problem' }

it.each([
  [
    'statuses that answer alike together',
    {
      200: json({ type: 'string' }),
      404: { $ref: '#/components/responses/Missing' },
      422: json({ type: 'object' }),
      '5XX': { $ref: '#/components/responses/Missing' },
    },
    [
      { statuses: ['404', '5XX'], schema: problem },
      { statuses: ['422'], schema: { type: 'object' } },
    ],
  ],
  [
    'what is left to default',
    { 204: {}, default: json({ $ref: '#/components/schemas/Problem' }) },
    [{ statuses: ['default'], schema: problem }],
  ],
  ['nothing where default is the success', { default: json({ type: 'object' }) }, undefined],
  [
    'nothing of answers without a schema',
    { 200: {}, 400: {}, 500: { content: { 'text/html': { schema: { type: 'string' } } } } },
    undefined,
  ],
])('an operation tells of its failures: %s', async (_, responses, errors) => {
  const operation = await readOperation(anOperation({ responses }, { components }))

  expect(operation).toEqual(errors ? expect.objectContaining({ errors }) : operation)
  expect('errors' in operation).toBe(errors !== undefined)
  if (JSON.stringify(errors)?.includes('Problem'))
    expect(operation.definitions.Problem).toMatchObject({ type: 'object' })
})

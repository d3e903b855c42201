import { expect, it } from 'vitest'
import { errorsToTypeScript } from './errors-to-typescript.ts'
import { typeNames } from './names.ts'

it('writes a line for each kind of failure, with the credential’s apart', () => {
  const names = typeNames(['Problem'])
  const errors = [
    { statuses: ['401', '404', '410'], schema: { $ref: '#/$defs/Problem' } },
    { statuses: ['5XX', 'default'], schema: { type: 'string' } },
  ]

  expect(errorsToTypeScript(errors, { names })).toBe(
    [
      '| { status: 404 | 410; details: Problem }',
      '| { status: 401; details: { upstream: { body: Problem } } }',
      '| { status: number /* 5XX, default */; details: string }',
    ].join('\n'),
  )
})

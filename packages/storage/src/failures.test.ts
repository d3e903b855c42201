import { ServiceError } from '@executor/contracts'
import { describe, expect, it } from 'vitest'
import { isUniqueViolation, toStorageFailure } from './failures.ts'

function aPrismaError(code: string | undefined, cause: object = {}, message = 'failed'): Error {
  const meta = { driverAdapterError: { cause } }
  return Object.assign(new TypeError(message), code === undefined ? { meta } : { code, meta })
}

describe('toStorageFailure', () => {
  it.each([
    aPrismaError('P1001'),
    aPrismaError('P2024'),
    aPrismaError('P2010', { kind: 'DatabaseNotReachable' }),
    aPrismaError('P2010', { kind: 'postgres', code: '57P01' }),
    aPrismaError('P2010', { kind: 'postgres', originalCode: '53300' }),
    aPrismaError(undefined, {}, 'Connection terminated unexpectedly'),
    aPrismaError(undefined, {}, 'timeout exceeded when trying to connect'),
  ])('takes %o for a database that is down', (error) => {
    expect(toStorageFailure(error)).toMatchObject({
      code: 'unavailable',
      reason: 'storage.database_unavailable',
      cause: error,
    })
  })

  it.each([
    aPrismaError('P2002', { kind: 'UniqueConstraintViolation' }),
    aPrismaError('P2010', { kind: 'postgres', code: '42601' }),
    aPrismaError('P2025', {}, 'Connection terminated unexpectedly'),
    new ServiceError('not_found', 'rule_unknown', 'gone'),
    'thrown text',
  ])('leaves %o as it is', (error) => {
    expect(toStorageFailure(error)).toBe(error)
  })
})

describe('isUniqueViolation', () => {
  it('knows it by its code', () => {
    expect(isUniqueViolation(aPrismaError('P2002'))).toBe(true)
    expect(isUniqueViolation(aPrismaError('P2025'))).toBe(false)
    expect(isUniqueViolation('P2002')).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { readLocalConfig } from './config.ts'

describe('readLocalConfig', () => {
  it('takes how long approvals and runs last, as every form does', () => {
    expect(readLocalConfig({}, {})).toMatchObject({ approvalDays: 30, retentionDays: 30 })
    expect(
      readLocalConfig({}, { EXECUTOR_APPROVAL_DAYS: '2', EXECUTOR_RETENTION_DAYS: '3' }),
    ).toMatchObject({ approvalDays: 2, retentionDays: 3 })
    expect(() => readLocalConfig({}, { EXECUTOR_APPROVAL_DAYS: '0' })).toThrow(
      'EXECUTOR_APPROVAL_DAYS',
    )
  })
})

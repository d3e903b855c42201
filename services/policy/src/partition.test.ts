import { describe, expect, it } from 'vitest'
import { admin, agent, machine, member } from '../test/fixtures.ts'
import { toPartition, toWritablePartition } from './partition.ts'

describe('toPartition', () => {
  it('belongs to the tenant, or to the account', () => {
    expect(toPartition(member, 'org')).toEqual({ tenant: 'acme', owner: 'org', subject: '' })
    expect(toPartition(member, 'user')).toEqual({ tenant: 'acme', owner: 'user', subject: 'bob' })
  })

  it('refuses personal rules of a key without an account', () => {
    expect(() => toPartition(machine, 'user')).toThrowError(
      expect.objectContaining({ code: 'invalid_argument', reason: 'subject_required' }),
    )
  })
})

describe('toWritablePartition', () => {
  it('opens the organization’s rules to admins alone', () => {
    expect(toWritablePartition(admin, 'org').owner).toBe('org')
    for (const principal of [member, agent, { ...admin, roles: ['admin', 'agent'] as const }]) {
      expect(() =>
        toWritablePartition({ ...principal, roles: [...principal.roles] }, 'org'),
      ).toThrowError(
        expect.objectContaining({ code: 'permission_denied', reason: 'org_write_denied' }),
      )
    }
  })

  it('opens personal rules to their account', () => {
    expect(toWritablePartition(member, 'user').subject).toBe('bob')
  })
})

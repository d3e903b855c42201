import { describe, expect, it } from 'vitest'
import { createSubjects } from './subjects.ts'

describe('createSubjects', () => {
  it('puts the prefix before everything', () => {
    const subjects = createSubjects('team.blue', 'catalog')

    expect(subjects.of('catalog.echo')).toBe('team.blue.catalog.echo')
    expect(subjects.inboxPrefix).toBe('team.blue._INBOX_catalog')
    expect(subjects.cancel('policy')).toBe('team.blue.calls.policy.cancel')
    expect(subjects.workStream('work.executor.run')).toEqual({
      stream: 'WORK_team_blue_executor',
      subjects: 'team.blue.work.executor.>',
      consumer: 'run',
    })
  })

  it('knows whose inbox it is', () => {
    const subjects = createSubjects('', 'catalog')

    expect(subjects.findCaller('_INBOX_gateway.abc.1')).toBe('gateway')
    expect(subjects.findCaller('_INBOX.abc.1')).toBeNull()
    expect(subjects.findCaller('_INBOX_gateway')).toBeNull()
    expect(subjects.findCaller('policy.decide')).toBeNull()
    expect(subjects.findCaller('')).toBeNull()
  })

  it('takes no stream of another service for its own', () => {
    const subjects = createSubjects('', 'gateway')

    expect(subjects.isStream('catalog', 'calls.catalog.instance.token')).toBe(true)
    expect(subjects.isStream('catalog', 'calls.policy.instance.token')).toBe(false)
    expect(subjects.isStream('catalog', 'connections.create-connection')).toBe(false)
  })
})

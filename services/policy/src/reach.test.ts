import { describe, expect, it } from 'vitest'
import { isWithinConnection, isWithinIntegration } from './reach.ts'

describe('isWithinIntegration', () => {
  it.each(['github', 'github.*', 'github.org.work.x', 'github.*.*.x'])('holds %s', (pattern) => {
    expect(isWithinIntegration(pattern, 'github')).toBe(true)
  })

  it.each(['*', 'github2.*', 'git.hub.*'])('does not hold %s', (pattern) => {
    expect(isWithinIntegration(pattern, 'github')).toBe(false)
  })
})

describe('isWithinConnection', () => {
  const ref = { integration: 'github', owner: 'org', connection: 'work' } as const

  it.each(['github.org.work', 'github.org.work.*', 'github.org.work.x.y'])(
    'holds %s',
    (pattern) => {
      expect(isWithinConnection(pattern, ref)).toBe(true)
    },
  )

  it.each(['*', 'github.*', 'github.org.*', 'github.*.work.*', 'github.user.work.*'])(
    'does not hold %s',
    (pattern) => {
      expect(isWithinConnection(pattern, ref)).toBe(false)
    },
  )
})

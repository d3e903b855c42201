import { describe, expect, it } from 'vitest'
import {
  findAddress,
  formatAddress,
  formatConnectionAddress,
  formatPath,
  parseAddress,
  Slug,
} from './address.ts'

describe('parseAddress', () => {
  it('reads the four parts, the tool with its dots', () => {
    expect(parseAddress('tools.github.org.work.issues.create')).toEqual({
      integration: 'github',
      owner: 'org',
      connection: 'work',
      tool: 'issues.create',
    })
  })

  it('does without the root', () => {
    expect(parseAddress('github.user.me.x')).toEqual(parseAddress('tools.github.user.me.x'))
  })

  it.each([
    '',
    'tools',
    'github',
    'github.org.work',
    'github.org.work.',
    'github.team.work.x',
    'github.org..x',
    '.org.work.x',
    `github.org.work.${'x'.repeat(1100)}`,
  ])('refuses %j', (address) => {
    expect(findAddress(address)).toBeNull()
    expect(() => parseAddress(address)).toThrowError(
      expect.objectContaining({ code: 'invalid_argument', reason: 'address_invalid' }),
    )
  })

  it('quotes no more than the beginning of what it refuses', () => {
    expect(() => parseAddress('x'.repeat(5000))).toThrowError(
      expect.objectContaining({ message: expect.stringMatching(/^.{0,320}$/) }),
    )
  })
})

describe('formatAddress', () => {
  it.each(['a.org.b.c', 'a1.user.b-2.c.d.e', 'tools.org.b.c'])('round-trips %s', (path) => {
    const ref = parseAddress(`tools.${path}`)

    expect(formatPath(ref)).toBe(path)
    expect(parseAddress(formatAddress(ref))).toEqual(ref)
  })

  it('writes the address of a connection', () => {
    const ref = { integration: 'github', owner: 'org', connection: 'work' } as const

    expect(formatConnectionAddress(ref)).toBe('tools.github.org.work')
  })
})

describe('Slug', () => {
  it('is one segment of an address', () => {
    expect(Slug.safeParse('github_2-eu').success).toBe(true)
    for (const slug of ['', 'a.b', '_a', '*', 'ä', 'a b', 'x'.repeat(129)]) {
      expect(Slug.safeParse(slug).success).toBe(false)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { createSessionCookies } from './session-cookie.ts'

const key = Buffer.alloc(32, 1)
const DAY_MS = 24 * 60 * 60 * 1000
const nameAndValue = (setCookie: string) => setCookie.split(';')[0] ?? ''

describe('createSessionCookies', () => {
  it('ends a session after thirty days', () => {
    let now = 1_790_000_000_000
    const cookies = createSessionCookies(key, () => now)
    const cookie = nameAndValue(cookies.issue({ secure: false }))

    now += 30 * DAY_MS - 1000
    expect(cookies.isValid(cookie)).toBe(true)
    now += 2000
    expect(cookies.isValid(cookie)).toBe(false)
  })

  it('knows its cookie among others', () => {
    const cookies = createSessionCookies(key)
    const cookie = nameAndValue(cookies.issue({ secure: false }))

    expect(cookies.isValid(`a=b; ${cookie}; c="d=e"`)).toBe(true)
  })

  it('ends every session when the key is replaced', () => {
    const cookie = nameAndValue(createSessionCookies(key).issue({ secure: false }))
    const [, value] = cookie.split('=')
    const other = createSessionCookies(Buffer.alloc(32, 2))
    const [name] = nameAndValue(other.issue({ secure: false })).split('=')

    expect(other.isValid(cookie)).toBe(false)
    expect(other.isValid(`${name}=${value}`)).toBe(false)
  })

  it('is sent over TLS alone where it was made over TLS', () => {
    expect(createSessionCookies(key).issue({ secure: true })).toMatch(/; Secure$/)
  })
})

import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'

const SESSION_SECONDS = 30 * 24 * 60 * 60
/** `<expiry in seconds>.<nonce>.<signature>`, nothing that must be kept anywhere. */
const VALUE = /^(\d{1,12})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

export interface SessionCookies {
  issue(options: { secure: boolean }): string
  isValid(cookieHeader: string): boolean
  expire(): string
}

/** Signed sessions: they survive a restart and end when the key they were made with is replaced. */
export function createSessionCookies(key: Buffer, now: () => number = Date.now): SessionCookies {
  // Cookies know no ports: two instances on one host must not overwrite each other's.
  const name = `executor_session_${hash('sha256', key).slice(0, 8)}`
  const attributes = 'Path=/; HttpOnly; SameSite=Strict'
  return {
    issue({ secure }) {
      const expiry = Math.floor(now() / 1000) + SESSION_SECONDS
      const text = `${expiry}.${randomBytes(16).toString('base64url')}`
      const value = `${text}.${sign(key, text).toString('base64url')}`
      return `${name}=${value}; ${attributes}; Max-Age=${SESSION_SECONDS}${secure ? '; Secure' : ''}`
    },
    isValid(cookieHeader) {
      const [, expiry, nonce, signature] = VALUE.exec(readCookie(cookieHeader, name) ?? '') ?? []
      if (!expiry || !nonce || !signature) return false
      if (Number(expiry) * 1000 <= now()) return false
      return timingSafeEqual(Buffer.from(signature, 'base64url'), sign(key, `${expiry}.${nonce}`))
    },
    expire: () => `${name}=; ${attributes}; Max-Age=0`,
  }
}

function sign(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const text = part.trim()
    if (text.startsWith(name) && text[name.length] === '=') return text.slice(name.length + 1)
  }
  return undefined
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import { isObject, type JsonObject } from './messages.ts'

/**
 * Texts that a client carries for us and cannot change: any instance with the same key opens them.
 * `purpose` says what they are for and whose they are; sealed for one purpose they open for no other.
 */
export interface Seal {
  close(purpose: readonly string[], payload: JsonObject): string
  /** Null for what was not sealed by us, or for another purpose. */
  open(purpose: readonly string[], text: string): JsonObject | null
}

/** What we seal is a few hundred bytes. */
const SEALED_CHARS_MAX = 32_000

export function createSeal(key: Buffer): Seal {
  const sign = (purpose: readonly string[], body: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify(['mcp seal', ...purpose, body]))
      .digest()
  return {
    close(purpose, payload) {
      const body = Buffer.from(JSON.stringify(payload)).toString('base64url')
      return `${body}.${sign(purpose, body).toString('base64url')}`
    },
    open(purpose, text) {
      if (text.length > SEALED_CHARS_MAX) return null
      const [body = '', signature = '', ...rest] = text.split('.')
      const given = Buffer.from(signature, 'base64url')
      const expected = sign(purpose, body)
      if (rest.length > 0 || given.length !== expected.length) return null
      if (!timingSafeEqual(given, expected)) return null
      const payload: unknown = JSON.parse(Buffer.from(body, 'base64url').toString())
      return isObject(payload) ? payload : null
    },
  }
}

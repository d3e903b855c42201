import { decodeJwt } from './jwt.ts'

const LABEL_CHARS_MAX = 256
const NAMES = ['email', 'preferred_username', 'upn', 'name', 'sub']

/**
 * Who an account belongs to, by the claims of an ID token that came straight from the token endpoint.
 * It is a label for people and decides nothing, so no key is looked up for it.
 */
export function labelOf(idToken: string | null, clientId: string): string | null {
  const claims = idToken === null ? null : decodeJwt(idToken)
  if (!claims || ![claims.aud].flat().includes(clientId)) return null
  for (const name of NAMES) {
    const value = claims[name]
    if (typeof value === 'string' && value.trim() !== '')
      return value.replace(/\p{Cc}/gu, '').slice(0, LABEL_CHARS_MAX)
  }
  return null
}

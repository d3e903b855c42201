import { parseChallenges } from '../challenges.ts'

/** What a server wants to see hashed (RFC 7616, 3.3). */
export interface DigestChallenge {
  realm: string
  nonce: string
  opaque: string | undefined
  /** As it was spelled in the standard: `SHA-256-sess`. */
  algorithm: string
  qops: readonly string[]
  /** The nonce was good and is too old: the same account may try again. */
  stale: boolean
  /** The name of the user is to be hashed too. */
  userhash: boolean
}

const VALUE = /^[\x20-\x7e]*$/

/** The Digest challenges of a `WWW-Authenticate` header, among whatever else it offers. */
export function parseDigestChallenges(header: string): DigestChallenge[] {
  return parseChallenges(header).flatMap(({ scheme, parameters }) => {
    const realm = parameters.get('realm')
    const nonce = parameters.get('nonce')
    if (scheme !== 'digest' || realm === undefined || nonce === undefined) return []
    // They are sent back in a header, which takes one line.
    if (![realm, nonce, parameters.get('opaque') ?? ''].every((text) => VALUE.test(text))) return []
    return [
      {
        realm,
        nonce,
        opaque: parameters.get('opaque'),
        algorithm: spell(parameters.get('algorithm') ?? 'MD5'),
        qops: (parameters.get('qop') ?? '')
          .toLowerCase()
          .split(/[\s,]+/)
          .filter(Boolean),
        stale: parameters.get('stale')?.toLowerCase() === 'true',
        userhash: parameters.get('userhash')?.toLowerCase() === 'true',
      },
    ]
  })
}

function spell(algorithm: string): string {
  return algorithm.toUpperCase().replace(/-SESS$/, '-sess')
}

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

/** More than any server writes; what is longer is not looked at. */
const HEADER_CHARS_MAX = 16_384
const VALUE = /^[\x20-\x7e]*$/

/** The Digest challenges of a `WWW-Authenticate` header, among whatever else it offers. */
export function parseDigestChallenges(header: string): DigestChallenge[] {
  if (header.length > HEADER_CHARS_MAX) return []
  return splitChallenges(header).flatMap(({ scheme, parameters }) => {
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

interface Challenge {
  scheme: string
  parameters: Map<string, string>
}

/** A scheme is a word without "="; what follows up to the next one are its parameters. */
function splitChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = []
  const pattern = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g
  for (const [, word = '', text, token] of header.matchAll(pattern)) {
    const value = text?.replace(/\\(.)/g, '$1') ?? token
    if (value === undefined) challenges.push({ scheme: word.toLowerCase(), parameters: new Map() })
    else challenges.at(-1)?.parameters.set(word.toLowerCase(), value)
  }
  return challenges
}

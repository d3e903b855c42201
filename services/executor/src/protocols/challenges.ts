/** More than any server writes; what is longer is not looked at. */
const HEADER_CHARS_MAX = 16_384

/** One way to prove who asks, as `WWW-Authenticate` offers it. Names are in lower case. */
export interface Challenge {
  scheme: string
  parameters: Map<string, string>
}

/** A scheme is a word without "="; what follows up to the next one are its parameters. */
export function parseChallenges(header: string): Challenge[] {
  if (header.length > HEADER_CHARS_MAX) return []
  const challenges: Challenge[] = []
  const pattern = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/g
  for (const [, word = '', text, token] of header.matchAll(pattern)) {
    const value = text?.replace(/\\(.)/g, '$1') ?? token
    if (value === undefined) challenges.push({ scheme: word.toLowerCase(), parameters: new Map() })
    else challenges.at(-1)?.parameters.set(word.toLowerCase(), value)
  }
  return challenges
}

/** What a server that takes tokens says of them (RFC 6750, RFC 9728). */
export function findBearerChallenge(header: string): Map<string, string> | null {
  const found = parseChallenges(header).filter(({ scheme }) => scheme === 'bearer')
  return (found.find(({ parameters }) => parameters.size > 0) ?? found[0])?.parameters ?? null
}

export function listScopes(text: string | undefined): string[] {
  return text?.split(/[\s,]+/).filter((scope) => scope !== '') ?? []
}

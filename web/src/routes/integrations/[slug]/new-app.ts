import type { OauthGrant } from '@executor/contracts'

/** An OAuth app as a person enters it. */
export interface NewApp {
  /** Where a link chose it. */
  slug?: string
  grant: OauthGrant
  clientId: string
  clientSecret: string
  authorizationUrl: string
  tokenUrl: string
  resource?: string
}

/** What is missing before it can be saved, by field. */
export function problemsOfApp({
  grant,
  clientId,
  authorizationUrl,
  tokenUrl,
}: NewApp): Record<string, string> {
  const needed = {
    clientId,
    tokenUrl,
    ...(grant === 'authorization_code' ? { authorizationUrl } : {}),
  }
  const missing = Object.entries(needed).filter(([, value]) => value.trim() === '')
  return Object.fromEntries(missing.map(([name]) => [name, 'Fill this in.']))
}

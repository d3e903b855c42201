import type { OauthClient, OauthProbe } from '@executor/contracts'
import type { Owner } from '#lib/api.ts'
import type { AuthMethodView } from '#lib/credential-fields.ts'

/** Where tokens come from, as far as anybody said. */
export interface TokenSource {
  issuer?: string
  authorizationUrl?: string
  tokenUrl?: string
  /** Programs register themselves there. */
  isOpen: boolean
}

export function toTokenSource(
  { oauth }: AuthMethodView,
  probe: OauthProbe | null,
  isHttps: boolean,
): TokenSource {
  const { issuer, authorizationUrl, tokenUrl } = { ...oauth, ...probe }
  const readsDocuments = isHttps && probe?.clientIdMetadataDocumentSupported === true
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(authorizationUrl ? { authorizationUrl } : {}),
    ...(tokenUrl ? { tokenUrl } : {}),
    isOpen: probe?.registrationEndpoint !== undefined || readsDocuments,
  }
}

/** Apps that people registered with this server, for whoever signs in. */
export function appsFor(
  clients: readonly OauthClient[],
  { issuer, tokenUrl }: TokenSource,
): OauthClient[] {
  return clients
    .filter(({ origin }) => origin.kind === 'manual')
    .filter((client) =>
      client.issuer !== null && issuer !== undefined
        ? client.issuer === issuer
        : tokenUrl === undefined || client.tokenUrl === tokenUrl,
    )
}

/** A name for another app that takes no other's place: the server's, then with a number. */
export function suggestSlug(
  clients: readonly Pick<OauthClient, 'owner' | 'slug'>[],
  { owner, tokenUrl }: { owner: Owner; tokenUrl: string },
): string {
  const { host = 'app' } = URL.parse(tokenUrl) ?? {}
  const plain = host.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'app'
  const taken = new Set(clients.filter((one) => one.owner === owner).map(({ slug }) => slug))
  let slug = plain
  for (let count = 2; taken.has(slug); count++) slug = `${plain}-${count}`
  return slug
}

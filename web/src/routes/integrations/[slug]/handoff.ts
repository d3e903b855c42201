import type { Owner } from '#lib/api.ts'
import type { NewApp } from './new-app.ts'

/** What a link says of the account that is to be added; no secret is ever in one. */
export interface Handoff {
  owner?: Owner
  template?: string
  label?: string
  /** The OAuth app it was signed in with before: `org/slug`. */
  app?: string
  /** What is known of the OAuth app that is to be entered. */
  client?: Partial<NewApp>
}

const LABEL_CHARS_MAX = 128

/** Reads `?addAccount=1&owner&template&label`; null where no account is to be added. */
export function readHandoff(query: Pick<URLSearchParams, 'get'>): Handoff | null {
  if (query.get('addAccount') !== '1') return null
  const owner = query.get('owner')
  const template = query.get('template')
  const label = query.get('label')?.slice(0, LABEL_CHARS_MAX)
  return {
    ...(owner === 'org' || owner === 'user' ? { owner } : {}),
    ...(template ? { template } : {}),
    ...(label ? { label } : {}),
    ...(query.get('oauthClient') === '1' ? { client: readClient(query) } : {}),
  }
}

const URL_CHARS_MAX = 2048

function readClient(query: Pick<URLSearchParams, 'get'>): Partial<NewApp> {
  const text = (name: string) => query.get(name)?.slice(0, URL_CHARS_MAX) || undefined
  const [slug, grant, clientId] = [text('clientSlug'), text('grant'), text('clientId')]
  const [authorizationUrl, tokenUrl] = [text('authorizationUrl'), text('tokenUrl')]
  const resource = text('resource')
  return {
    ...(slug ? { slug } : {}),
    ...(grant === 'client_credentials' ? { grant } : {}),
    ...(clientId ? { clientId } : {}),
    ...(authorizationUrl ? { authorizationUrl } : {}),
    ...(tokenUrl ? { tokenUrl } : {}),
    ...(resource ? { resource } : {}),
  }
}

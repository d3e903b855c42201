import type { AuthMethod, Placement } from '@executor/contracts'
import { filledText, isObject, type JsonObject, ownValue } from './json.ts'
import { readNames, readText } from './keywords.ts'

type OauthMethod = NonNullable<AuthMethod['oauth']>

/** A security scheme, as far as it says where a value goes or how one is obtained. */
export interface Scheme {
  name: string
  /** The document's own choice of what its method is called: `x-executor-slug`. */
  slug: string | undefined
  type: 'apiKey' | 'basic' | 'digest' | 'bearer' | 'raw' | 'oauth2' | 'mutualTLS'
  carrier: Placement['carrier']
  /** The header, query parameter or cookie. */
  carrierName: string
  label: string
  description: string | undefined
  flows: JsonObject
  discoveryUrl: string | undefined
}

const CARRIERS = new Set(['header', 'query', 'cookie'])
const DESCRIPTION_CHARS_MAX = 2_000
const SLUG_CHARS_MAX = 100

export function toScheme(name: string, value: JsonObject): Scheme | null {
  const base: Scheme = {
    name,
    slug: filledText(value['x-executor-slug'])?.slice(0, SLUG_CHARS_MAX),
    type: 'raw',
    carrier: 'header',
    carrierName: 'Authorization',
    label: name,
    description: readText(value.description)?.slice(0, DESCRIPTION_CHARS_MAX),
    flows: {},
    discoveryUrl: undefined,
  }
  switch (value.type) {
    case 'apiKey': {
      const carrierName = readText(value.name)
      if (!carrierName || !CARRIERS.has(String(value.in))) return null
      const carrier = value.in as Placement['carrier']
      if (isBearerInDisguise(base, carrierName)) return toHttpScheme(base, 'bearer')
      return { ...base, type: 'apiKey', carrier, carrierName, label: `API key (${carrierName})` }
    }
    case 'http':
      return toHttpScheme(base, String(value.scheme ?? '').toLowerCase())
    case 'oauth2':
      return {
        ...base,
        type: 'oauth2',
        label: 'OAuth 2',
        flows: isObject(value.flows) ? value.flows : {},
      }
    case 'openIdConnect':
      return {
        ...base,
        type: 'oauth2',
        label: 'OpenID Connect',
        discoveryUrl: readText(value.openIdConnectUrl),
      }
    case 'mutualTLS':
      return { ...base, type: 'mutualTLS', label: 'Client certificate' }
    default:
      return null
  }
}

/** Swagger 2.0 knows no bearer scheme: documents describe the header, and say it in words. */
function isBearerInDisguise({ name, description }: Scheme, header: string): boolean {
  return /^authorization$/i.test(header) && /bearer/i.test(`${name} ${description ?? ''}`)
}

function toHttpScheme(base: Scheme, scheme: string): Scheme {
  if (scheme === 'bearer') return { ...base, type: 'bearer', label: 'Bearer token' }
  if (scheme === 'basic') return { ...base, type: 'basic', label: 'User name and password' }
  if (scheme === 'digest') {
    return { ...base, type: 'digest', label: 'User name and password (Digest)' }
  }
  const description = `HTTP ${scheme}: the whole value of the Authorization header. ${base.description ?? ''}`
  return { ...base, label: `HTTP ${scheme}`, description: description.trim() }
}

/** One method whose inputs are the values of all these schemes together. */
export function toKeyMethod(schemes: Scheme[]): AuthMethod {
  const single = schemes.length === 1
  const descriptions = schemes.flatMap((scheme) => describeKey(scheme) ?? [])
  return {
    slug: (single && schemes[0]?.slug) || '',
    kind: 'apikey',
    label: [...new Set(schemes.map((scheme) => scheme.label))].join(' + ').slice(0, 256),
    placements: schemes.map((scheme) => toPlacement(scheme, single)),
    origin: 'detected',
    ...(descriptions.length > 0 ? { description: descriptions.join(' ').slice(0, 4096) } : {}),
  }
}

function toPlacement(scheme: Scheme, single: boolean): Placement {
  const { type, carrier } = scheme
  const name = scheme.carrierName.slice(0, 256)
  if (type === 'basic')
    return { carrier, name, basic: { username: 'username', password: 'password' } }
  if (type === 'digest')
    return { carrier, name, basic: { username: 'username', password: 'password', digest: true } }
  const variable = single ? {} : { variable: toVariable(scheme.name) }
  const isBearer = type === 'bearer' || type === 'oauth2'
  return { carrier, name, ...(isBearer ? { prefix: 'Bearer ' } : {}), ...variable }
}

function toVariable(name: string): string {
  return name.replace(/[^A-Za-z0-9_]+/g, '_').slice(0, 128) || 'key'
}

function describeKey(scheme: Scheme): string | undefined {
  if (scheme.type !== 'oauth2') return scheme.description
  return [`An OAuth 2 access token for ${scheme.name}.`, scheme.description]
    .filter(Boolean)
    .join(' ')
}

const GRANTS: { flow: string; grant: NonNullable<OauthMethod['grant']>; suffix: string }[] = [
  { flow: 'authorizationCode', grant: 'authorization_code', suffix: '' },
  { flow: 'clientCredentials', grant: 'client_credentials', suffix: '-client-credentials' },
]

/** A method for each flow that can be run for a person; a pasted token where none can. */
export function toOauthMethods(scheme: Scheme): AuthMethod[] {
  const named = `oauth-${scheme.name.replace(/[^A-Za-z0-9_-]+/g, '_')}`
  const slug = scheme.slug ?? named.slice(0, SLUG_CHARS_MAX)
  if (scheme.discoveryUrl !== undefined) {
    return [oauthMethod(scheme, slug, { discoveryUrl: scheme.discoveryUrl, scopes: ['openid'] })]
  }
  const runnable = GRANTS.filter(({ flow }) => isObject(ownValue(scheme.flows, flow)))
  const methods = runnable.map(({ flow, grant, suffix }, index) =>
    oauthMethod(scheme, index === 0 ? slug : `${slug}${suffix}`, {
      ...readFlow(ownValue(scheme.flows, flow)),
      grant,
    }),
  )
  return methods.length > 0 ? methods : [pastedToken(scheme)]
}

function oauthMethod(scheme: Scheme, slug: string, oauth: OauthMethod): AuthMethod {
  return {
    slug,
    kind: 'oauth2',
    label:
      oauth.grant === 'client_credentials' ? `${scheme.label} (client credentials)` : scheme.label,
    placements: [{ carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }],
    oauth,
    origin: 'detected',
    ...(scheme.description ? { description: scheme.description } : {}),
  }
}

function readFlow(flow: unknown): OauthMethod {
  const scopes = ownValue(flow, 'scopes')
  // A document may name the few that are worth asking for.
  const chosen = readNames(ownValue(flow, 'x-executor-scopes'))
  const described = isObject(scopes)
    ? Object.entries(scopes).flatMap(([name, words]) =>
        typeof words === 'string' && words !== '' ? [[name, words] as const] : [],
      )
    : []
  const authorizationUrl = readText(ownValue(flow, 'authorizationUrl'))
  const tokenUrl = readText(ownValue(flow, 'tokenUrl'))
  return {
    ...(authorizationUrl ? { authorizationUrl } : {}),
    ...(tokenUrl ? { tokenUrl } : {}),
    scopes: chosen ?? (isObject(scopes) ? Object.keys(scopes) : []),
    ...(described.length > 0 ? { scopeDescriptions: Object.fromEntries(described) } : {}),
  }
}

/** Implicit, password and device flows are for other programs than ours: their token can be pasted. */
function pastedToken(scheme: Scheme): AuthMethod {
  const [flow] = Object.keys(scheme.flows)
  const { authorizationUrl, tokenUrl } = readFlow(flow && ownValue(scheme.flows, flow))
  const address = authorizationUrl ?? tokenUrl
  const from = address ? ` Get one from ${address}.` : ''
  const method = toKeyMethod([{ ...scheme, description: undefined }])
  const note = `An OAuth 2 access token${flow ? ` (${flow} flow)` : ''}.${from}`
  return { ...method, label: `${scheme.label} access token`, description: note }
}

import { isObject, type JsonObject, ownValue, setOwn } from '../json.ts'
import { readNames, readText } from '../keywords.ts'
import type { DiscoveryMethod } from './list-methods.ts'

/** The scheme, and the slug of the method that it becomes. */
const OAUTH = 'googleOAuth2'
const KEY = 'googleApiKey'

/** Without these two Google hands out no refresh token, or one the first time alone. */
const AUTHORIZATION_URL =
  'https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent'
const TOKEN_URL = 'https://oauth2.googleapis.com/token'

export interface Credentials {
  securitySchemes: JsonObject
  /** What a method accepts: any one of its scopes will do. */
  securityOf(method: DiscoveryMethod): JsonObject[]
}

/** How an API is signed in to, as its Discovery document says. */
export function convertScopes(
  auth: unknown,
  methods: readonly DiscoveryMethod[],
  takesKey: boolean,
): Credentials {
  const described = ownValue(ownValue(auth, 'oauth2'), 'scopes')
  const scopes = isObject(described) ? described : {}
  const hasOauth = Object.keys(scopes).length > 0
  // What needs no scope is open to whoever shows a key; the rest is somebody's own.
  const hasKey = takesKey && methods.some((method) => scopesOf(method).length === 0)
  const securitySchemes: JsonObject = {}
  if (hasOauth) securitySchemes[OAUTH] = toOauthScheme(scopes, methods)
  if (hasKey) securitySchemes[KEY] = KEY_SCHEME
  return {
    securitySchemes,
    securityOf(method) {
      const wanted = scopesOf(method)
      if (hasOauth && wanted.length > 0) return wanted.map((scope) => ({ [OAUTH]: [scope] }))
      return [...(hasKey ? [{ [KEY]: [] }] : []), ...(hasOauth ? [{ [OAUTH]: [] }] : [])]
    },
  }
}

const KEY_SCHEME: JsonObject = {
  type: 'apiKey',
  in: 'query',
  name: 'key',
  'x-executor-slug': KEY,
  description: 'An API key of a Google Cloud project, for what is open to everybody.',
}

function toOauthScheme(described: JsonObject, methods: readonly DiscoveryMethod[]): JsonObject {
  const scopes: JsonObject = {}
  for (const scope of Object.keys(described)) {
    setOwn(scopes, scope, readText(ownValue(described[scope], 'description')) ?? '')
  }
  return {
    type: 'oauth2',
    'x-executor-slug': OAUTH,
    flows: {
      authorizationCode: {
        authorizationUrl: AUTHORIZATION_URL,
        tokenUrl: TOKEN_URL,
        scopes,
        'x-executor-scopes': chooseScopes(Object.keys(scopes), methods),
      },
    },
  }
}

function scopesOf({ value }: DiscoveryMethod): string[] {
  return readNames(value.scopes) ?? []
}

/**
 * The fewest scopes with which every method can be called, so that the consent screen stays short:
 * the one that opens most, then the one that opens most of the rest. Of two that open as much the
 * one that opens less elsewhere is taken: every API lists the scope for all of Google Cloud.
 */
function chooseScopes(scopes: readonly string[], methods: readonly DiscoveryMethod[]): string[] {
  const chosen: string[] = []
  let closed = methods.map(scopesOf).filter((wanted) => wanted.length > 0)
  while (closed.length > 0) {
    const opens = new Map<string, number>()
    for (const wanted of closed) {
      for (const scope of wanted) opens.set(scope, (opens.get(scope) ?? 0) + 1)
    }
    const [best] = [...opens].sort(
      ([a, m], [b, n]) => n - m || rank(a, scopes) - rank(b, scopes) || (a < b ? -1 : 1),
    )
    if (!best) break
    chosen.push(best[0])
    closed = closed.filter((wanted) => !wanted.includes(best[0]))
  }
  return chosen
}

function rank(scope: string, scopes: readonly string[]): number {
  return scope.endsWith('/cloud-platform') ? scopes.length : scopes.indexOf(scope)
}

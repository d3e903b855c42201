import { randomBytes } from 'node:crypto'
import type { AuthMethod, AuthTemplate, AuthTemplatePart, Placement } from '@executor/contracts'
import { ServiceError, SINGLE_VARIABLE } from '@executor/contracts'
import type { z } from 'zod'

/** A person's auth methods, written out. Those without a slug get `custom_<id>`. */
export function toAuthMethods(
  templates: readonly AuthTemplate[],
  newId: () => string = randomId,
): AuthMethod[] {
  return templates.map((template) => {
    const slug = template.slug || `custom_${newId()}`
    if ('type' in template) return toKeyMethod(template, slug)
    if ('authorizationUrl' in template) return toOauthMethod(template, slug)
    return { ...template, slug, origin: 'custom' }
  })
}

/** Added ones replace those of their slug in place, and follow the others otherwise. */
export function mergeAuthMethods(
  methods: readonly AuthMethod[],
  added: readonly AuthMethod[],
): AuthMethod[] {
  const bySlug = new Map(methods.map((method) => [method.slug, method]))
  for (const method of added) bySlug.set(method.slug, method)
  return [...bySlug.values()]
}

/** Methods of a description read again: a person's own stay, and win over detected ones. */
export function refreshAuthMethods(
  stored: readonly AuthMethod[],
  detected: readonly AuthMethod[],
): AuthMethod[] {
  return mergeAuthMethods(
    detected,
    stored.filter((method) => method.origin === 'custom'),
  )
}

/** Detected methods that ask a person for these scopes; an app has what its administrator granted. */
export function withScopes(
  methods: readonly AuthMethod[],
  scopes: readonly string[] | undefined,
): AuthMethod[] {
  if (!scopes) return [...methods]
  return methods.map((method) =>
    method.oauth && method.oauth.grant !== 'client_credentials'
      ? { ...method, oauth: { ...method.oauth, scopes: [...scopes] } }
      : method,
  )
}

type KeyTemplate = Extract<AuthTemplate, { type: 'apiKey' }>
type OauthTemplate = Extract<AuthTemplate, { authorizationUrl: string }>
type Values = KeyTemplate['headers']

function toKeyMethod(template: KeyTemplate, slug: string): AuthMethod {
  const placements = [
    ...toPlacements('header', template.headers),
    ...toPlacements('query', template.queryParams),
  ]
  if (placements.length === 0) throw invalid('an API key goes into a header or a query parameter')
  return {
    slug,
    kind: 'apikey',
    placements,
    origin: 'custom',
    ...(template.label === undefined ? {} : { label: template.label }),
  }
}

function toPlacements(carrier: Placement['carrier'], values: Values): Placement[] {
  return Object.entries(values ?? {}).map(([name, parts]) =>
    typeof parts === 'string'
      ? { carrier, name, literal: parts }
      : { carrier, name, ...toValue(parts) },
  )
}

/** Text, then at most one variable, which comes last. */
function toValue(parts: readonly z.infer<typeof AuthTemplatePart>[]): Partial<Placement> {
  const last = parts.at(-1)
  const text = parts.slice(0, -1)
  if (last === undefined || typeof last === 'string') {
    if (parts.every((part) => typeof part === 'string')) return { literal: parts.join('') }
    throw invalid('the variable of a value comes last')
  }
  if (!text.every((part) => typeof part === 'string')) {
    throw invalid('a value has at most one variable')
  }
  const prefix = text.join('')
  return {
    ...(prefix === '' ? {} : { prefix }),
    ...(last.name === SINGLE_VARIABLE ? {} : { variable: last.name }),
  }
}

function toOauthMethod(template: OauthTemplate, slug: string): AuthMethod {
  const { authorizationUrl, tokenUrl, resource, scopes = [], label } = template
  return {
    slug,
    kind: 'oauth2',
    placements: [{ carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }],
    oauth: { authorizationUrl, tokenUrl, scopes, ...(resource === undefined ? {} : { resource }) },
    origin: 'custom',
    ...(label === undefined ? {} : { label }),
  }
}

function randomId(): string {
  return randomBytes(5).toString('hex')
}

function invalid(problem: string): ServiceError {
  return new ServiceError(
    'invalid_argument',
    'auth_template_invalid',
    `An auth method cannot be used: ${problem}.`,
  )
}

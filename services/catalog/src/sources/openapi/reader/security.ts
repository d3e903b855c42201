import type { AuthMethod } from '@executor/contracts'
import { isObject, type JsonObject, ownValue } from './json.ts'
import { AUTH_METHODS_MAX } from './limits.ts'
import { type Scheme, toKeyMethod, toOauthMethods } from './security-schemes.ts'

/** How an integration can be authenticated with, and which of its methods an operation accepts. */
export interface Security {
  methods: AuthMethod[]
  /** Slugs for an operation's `security` (undefined where it has none of its own). */
  accepted(requirement: unknown): string[] | undefined
}

export interface SecurityInput {
  schemes: ReadonlyMap<string, Scheme>
  /** The document's own `security`. */
  common: unknown
  /** The `security` of every operation that has one. */
  own: unknown[]
  /** Methods of the last import: a method that is still there keeps its slug. */
  known: readonly AuthMethod[]
  /** Operations take an `Authorization` header that no scheme explains. */
  takesAuthorization: boolean
}

/**
 * Every alternative of every requirement becomes a method; the schemes of one alternative are
 * inputs of one method. A method is accepted wherever a part of its schemes would do.
 */
export function readSecurity(input: SecurityInput): Security {
  const alternatives = new Map<string, string[]>()
  // An empty list for the whole document is what generators write when they know nothing.
  const common = Array.isArray(input.common) && input.common.length > 0 ? input.common : undefined
  for (const requirement of [common, ...input.own]) {
    for (const names of toAlternatives(requirement, input.schemes) ?? []) {
      alternatives.set(names.join('\n'), names)
    }
  }
  if (![...alternatives.values()].some((names) => names.length > 0)) {
    // Nothing is required anywhere, but what is described is there to be used.
    for (const name of input.schemes.keys()) alternatives.set(name, [name])
  }
  const slugs = createSlugs(input.known)
  const bySchemes: { names: string[]; methods: AuthMethod[] }[] = []
  for (const names of alternatives.values()) {
    const methods = names.length === 0 ? [] : toMethods(names, input.schemes, slugs)
    bySchemes.push({ names, methods: methods.length > 0 ? methods : [NO_CREDENTIAL] })
  }
  if (bySchemes.length === 0 && input.takesAuthorization) {
    return { methods: [authorizationHeader(slugs)], accepted: () => undefined }
  }
  const methods = [...new Set(bySchemes.flatMap((entry) => entry.methods))]
  if (methods.length === 0) methods.push(NO_CREDENTIAL)
  return {
    methods: methods.slice(0, AUTH_METHODS_MAX),
    accepted(requirement) {
      const wanted = toAlternatives(requirement ?? common, input.schemes)
      if (wanted === null) return undefined
      const accepting = bySchemes.filter(({ names }) =>
        wanted.some((needed) => needed.every((name) => names.includes(name))),
      )
      const own = accepting.flatMap((entry) => entry.methods.map((method) => method.slug))
      return [...new Set(own)]
    },
  }
}

const NO_CREDENTIAL: AuthMethod = {
  slug: 'none',
  kind: 'none',
  label: 'No authentication',
  placements: [],
  origin: 'detected',
}

/** Null where nothing is said, or nothing that could be met: then any method will do. */
function toAlternatives(
  requirement: unknown,
  schemes: ReadonlyMap<string, Scheme>,
): string[][] | null {
  if (!Array.isArray(requirement)) return null
  const alternatives = requirement
    .filter(isObject)
    .map((names) => Object.keys(names).sort())
    .filter((names) => names.every((name) => schemes.has(name)))
  return alternatives.length === 0 && requirement.length > 0 ? null : alternatives
}

function toMethods(
  names: string[],
  schemes: ReadonlyMap<string, Scheme>,
  slugs: Slugs,
): AuthMethod[] {
  const all = names.flatMap((name) => schemes.get(name) ?? [])
  const sent = all.filter((scheme) => scheme.type !== 'mutualTLS')
  if (sent.length === 0) return []
  const methods = sent.every(({ type }) => type === 'oauth2')
    ? preferRunnable(sent.map(toOauthMethods))
    : [toKeyMethod(sent)]
  const note =
    sent.length < all.length ? 'The server also asks for a client certificate.' : undefined
  return methods.map((method) => ({
    ...method,
    slug: slugs.slugFor(method),
    ...(note ? { description: [method.description, note].filter(Boolean).join(' ') } : {}),
  }))
}

/** Google and others name one grant twice, once for each flow: the one that can be run will do. */
function preferRunnable(choices: AuthMethod[][]): AuthMethod[] {
  const runnable = choices.find((methods) => methods.some((method) => method.kind === 'oauth2'))
  return runnable ?? choices[0] ?? []
}

interface Slugs {
  slugFor(method: AuthMethod): string
}

/** `apikey-0`, `apikey-1`…; a key that is placed where it was keeps the number it had. */
function createSlugs(known: readonly AuthMethod[]): Slugs {
  const earlier = new Map<string, string>()
  for (const method of known) {
    if (method.origin === 'detected' && method.kind === 'apikey') {
      earlier.set(JSON.stringify(method.placements), method.slug)
    }
  }
  const used = new Set(earlier.values())
  let next = 0
  return {
    slugFor(method) {
      if (method.slug !== '') return method.slug
      const key = JSON.stringify(method.placements)
      let slug = earlier.get(key)
      while (slug === undefined || (!earlier.has(key) && used.has(slug))) slug = `apikey-${next++}`
      earlier.set(key, slug)
      used.add(slug)
      return slug
    },
  }
}

function authorizationHeader(slugs: Slugs): AuthMethod {
  const method: AuthMethod = {
    slug: '',
    kind: 'apikey',
    label: 'Authorization header',
    placements: [{ carrier: 'header', name: 'Authorization' }],
    origin: 'detected',
    description:
      'The whole value of the Authorization header, its scheme (such as Bearer) included.',
  }
  return { ...method, slug: slugs.slugFor(method) }
}

/** The schemes of a document by name; `resolve` follows references. */
export function readSchemes(
  described: unknown,
  resolve: (value: unknown) => JsonObject | null,
  toScheme: (name: string, value: JsonObject) => Scheme | null,
): Map<string, Scheme> {
  const schemes = new Map<string, Scheme>()
  if (!isObject(described)) return schemes
  for (const name of Object.keys(described)) {
    const value = resolve(ownValue(described, name))
    const scheme = value && toScheme(name, value)
    if (scheme) schemes.set(name, scheme)
  }
  return schemes
}

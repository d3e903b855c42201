import {
  type AuthMethod,
  NO_AUTH_TEMPLATE,
  type Placement,
  SINGLE_VARIABLE,
} from '@executor/contracts'

/** A credential as it goes on the wire. */
export interface RenderedCredential {
  /** Names in lower case. */
  headers: Record<string, string>
  query: [name: string, value: string][]
  cookies: [name: string, value: string][]
  /** Answers a challenge: nothing of it is known before the server has asked. */
  digest?: { username: string; password: string }
  /** What must not come back out. */
  secrets: string[]
}

export type Rendering =
  | { credential: RenderedCredential }
  /** The connection lacks these inputs of its method. */
  | { missing: string[] }
  /** These inputs cannot stand where the method puts them. */
  | { unusable: string[] }
  /** The integration has no method of that name any more. */
  | { unknownMethod: string }

type Values = Readonly<Record<string, string>>

export const NO_CREDENTIAL: RenderedCredential = {
  headers: {},
  query: [],
  cookies: [],
  secrets: [],
}

const BEARER: Placement = { carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }

/** Fills the placements of a connection's method; nothing is left out in silence. */
export function renderCredential(
  methods: readonly AuthMethod[],
  { template, values }: { template: string; values: Values },
): Rendering {
  const method = methods.find(({ slug }) => slug === template)
  if (!method)
    return template === NO_AUTH_TEMPLATE
      ? { credential: NO_CREDENTIAL }
      : { unknownMethod: template }
  if (method.kind === 'none') return { credential: NO_CREDENTIAL }
  const placements = placementsOf(method)
  const missing = placements
    .flatMap(inputsOf)
    .filter((name) => !inputOf(values, name) && !mayBeEmpty(placements, name))
  if (missing.length > 0) return { missing: [...new Set(missing)] }
  const unusable = placements
    .flatMap(inputsOf)
    .filter((name) => hasLineBreak(inputOf(values, name)))
  if (unusable.length > 0) return { unusable: [...new Set(unusable)] }
  const credential: RenderedCredential = { headers: {}, query: [], cookies: [], secrets: [] }
  for (const placement of placements) place(placement, values, credential)
  return { credential }
}

function placementsOf(method: AuthMethod): readonly Placement[] {
  const placements = method.placements.filter(({ carrier }) => carrier !== 'env')
  return method.kind === 'oauth2' && placements.length === 0 ? [BEARER] : placements
}

function inputsOf({ basic, literal, variable }: Placement): string[] {
  if (basic) return [basic.username, basic.password]
  return literal === undefined ? [variable ?? SINGLE_VARIABLE] : []
}

/** Keys sent as a user name come without a password, and tokens sent as a password without a user. */
function mayBeEmpty(placements: readonly Placement[], name: string): boolean {
  return placements.some(({ basic }) => basic?.password === name)
}

function place(placement: Placement, values: Values, into: RenderedCredential): void {
  const { carrier, name, basic } = placement
  if (basic?.digest) {
    placeDigest(basic, values, into)
    return
  }
  const value = render(placement, values, into.secrets)
  if (carrier === 'header') into.headers[name.toLowerCase()] = value
  else if (carrier === 'query') into.query.push([name, value])
  else into.cookies.push([name, value])
}

function placeDigest(
  basic: NonNullable<Placement['basic']>,
  values: Values,
  into: RenderedCredential,
): void {
  const username = inputOf(values, basic.username)
  const password = inputOf(values, basic.password)
  into.secrets.push(password)
  into.digest = { username, password }
}

function render(
  { basic, literal, prefix, variable }: Placement,
  values: Values,
  secrets: string[],
) {
  if (basic) {
    const username = inputOf(values, basic.username)
    const password = inputOf(values, basic.password)
    const joined = Buffer.from(`${username}:${password}`).toString('base64')
    // A user name is in many answers; where it stands alone it is the key itself.
    secrets.push(joined, password === '' ? username : password)
    return `${prefix ?? 'Basic '}${joined}`
  }
  if (literal !== undefined) return `${prefix ?? ''}${literal}`
  // Pasted values bring the end of their line along.
  const value = inputOf(values, variable ?? SINGLE_VARIABLE).trim()
  secrets.push(value)
  return `${prefix ?? ''}${value}`
}

function inputOf(values: Values, name: string): string {
  return Object.hasOwn(values, name) ? (values[name] ?? '') : ''
}

function hasLineBreak(value: string): boolean {
  return /[\r\n\0]/.test(value.trim())
}

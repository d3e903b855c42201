import type { OauthGrant } from '@executor/contracts'

/** Where one input of a method goes on the wire, as the API words it. */
export interface PlacementView {
  carrier: 'header' | 'query' | 'env'
  name: string
  prefix: string
  variable?: string
  literal?: string
  basic?: { username: string; password: string }
}

/** One way to authenticate with an integration, as the API words it. */
export interface AuthMethodView {
  slug: string
  label: string
  kind: 'oauth' | 'apikey' | 'none'
  placements?: PlacementView[]
  description?: string
  /** Where its tokens come from, as far as its description says. */
  oauth?: {
    authorizationUrl?: string
    tokenUrl?: string
    grant?: OauthGrant
  }
}

/** One input of a method, as a form asks for it. */
export interface CredentialField {
  variable: string
  label: string
  isSecret: boolean
  /** What the value follows where it is sent: "Authorization: Bearer ". */
  affix: string
  /** What is put before the value anyway, and need not be typed. */
  prefix: string
}

/** The name of the input of a method that has only one. */
const SINGLE = 'token'
const BEARER: PlacementView = { carrier: 'header', name: 'Authorization', prefix: 'Bearer ' }

/** The inputs of a method, in order, without repeats. */
export function toCredentialFields({ kind, placements = [] }: AuthMethodView): CredentialField[] {
  // A token that was obtained elsewhere can be pasted too.
  const sent = kind === 'oauth' ? [BEARER] : kind === 'none' ? [] : placements
  const fields = new Map<string, CredentialField>()
  for (const placement of sent.filter(({ literal }) => literal === undefined)) {
    const variable = placement.variable ?? SINGLE
    if (!fields.has(variable)) fields.set(variable, toField(variable, placement))
  }
  return [...fields.values()]
}

function toField(variable: string, placement: PlacementView): CredentialField {
  const { prefix, basic } = placement
  return {
    variable,
    label: labelOf(variable, placement),
    isSecret: basic?.username !== variable,
    affix: affixOf(placement),
    // Of a user and a password it is made from both; nobody types it.
    prefix: basic ? '' : prefix,
  }
}

function labelOf(variable: string, { carrier, name, basic }: PlacementView): string {
  if (basic) return basic.username === variable ? 'User name' : 'Password'
  if (carrier === 'env') return variable === SINGLE ? name : variable
  if (variable !== SINGLE) return toWords(variable)
  return name.toLowerCase() === 'authorization' ? 'Token' : 'Key'
}

function affixOf({ carrier, name, prefix }: PlacementView): string {
  if (carrier === 'query') return `?${name}=${prefix}`
  return carrier === 'env' ? `${name}=${prefix}` : `${name}: ${prefix}`
}

/** `clientSecret` and `client_secret` are both "Client secret". */
function toWords(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s_.-]+/)
    .filter((word) => word !== '')
    .join(' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What is wrong with what was typed, by variable; before anything is sent. */
export function problemsOf(
  fields: readonly CredentialField[],
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const problems: Record<string, string> = {}
  // Many APIs take a key as user name and no password, some the other way round.
  const isPair = fields.some(({ isSecret }) => !isSecret)
  const hasAny = fields.some(({ variable }) => values[variable])
  for (const { variable, prefix } of fields) {
    const value = values[variable] ?? ''
    const word = prefix.trim()
    if (!value && !(isPair && hasAny)) problems[variable] = 'Fill this in.'
    else if (word && value.trim().toLowerCase().startsWith(`${word.toLowerCase()} `))
      problems[variable] = `Leave out “${word}”: it is put before what you enter.`
  }
  return problems
}

/** What the API says is wrong with single inputs, by variable. */
export function problemsFromDetails(
  fields: readonly CredentialField[],
  { message, details }: { message: string; details: Record<string, unknown> },
): Record<string, string> {
  const problems: Record<string, string> = {}
  for (const { variable } of fields) {
    if (names(details.missing).includes(variable)) problems[variable] = 'Fill this in.'
    if (names(details.unusable).includes(variable)) problems[variable] = message
  }
  return problems
}

function names(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

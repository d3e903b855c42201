import {
  type AuthMethod,
  methodVariables,
  type Placement,
  Secret,
  ServiceError,
} from '@executor/contracts'

/** The three ways to give a credential, as they arrive. */
export interface CredentialInput {
  value?: string | undefined
  values?: Record<string, string> | undefined
  from?: { provider: string; id: string } | undefined
}

/** What a person gave, held against the method it is for. */
export type GivenCredential =
  | { kind: 'none' }
  | { kind: 'pasted'; values: Map<string, Secret> }
  | { kind: 'linked'; provider: string; variable: string; id: string }

const NAMES_SHOWN_MAX = 5
const NAME_CHARS_SHOWN_MAX = 40

/**
 * Holds a credential against the inputs its method asks for. Throws `invalid_argument`
 * (`connection_input_invalid`) naming what is missing, unknown or unusable, never a value.
 */
export function parseCredential(method: AuthMethod, input: CredentialInput): GivenCredential {
  const variables = methodVariables(method)
  assertOneWay(method, variables, input)
  if (input.from)
    return { kind: 'linked', ...input.from, variable: onlyVariable(method, variables) }
  if (variables.length === 0) {
    assertNoUnknown(method, variables, Object.keys(input.values ?? {}))
    return { kind: 'none' }
  }
  const given =
    input.value === undefined
      ? new Map(Object.entries(input.values ?? {}))
      : new Map([[onlyVariable(method, variables), input.value]])
  assertNoUnknown(method, variables, [...given.keys()])
  return { kind: 'pasted', values: parseValues(method, variables, given) }
}

function assertOneWay(method: AuthMethod, variables: string[], input: CredentialInput): void {
  const ways = [input.value, input.values, input.from].filter((way) => way !== undefined).length
  if (variables.length === 0) {
    if (input.value || input.from) throw invalid(method, 'takes no credential. Leave it out.')
  } else if (ways !== 1) {
    const inputs = variables.join(', ')
    throw invalid(method, `takes exactly one of value, values and from (inputs: ${inputs}).`, {
      missing: ways === 0 ? variables : [],
    })
  }
}

function assertNoUnknown(method: AuthMethod, variables: string[], names: string[]): void {
  const unknown = names.filter((name) => !variables.includes(name))
  if (unknown.length === 0) return
  const inputs = variables.length > 0 ? `Its inputs: ${variables.join(', ')}.` : 'It has none.'
  throw invalid(method, `has no input named ${quote(unknown)}. ${inputs}`, {
    unknown: unknown.slice(0, NAMES_SHOWN_MAX).map(shorten),
  })
}

function parseValues(
  method: AuthMethod,
  variables: string[],
  given: Map<string, string>,
): Map<string, Secret> {
  const missing = variables.filter((name) => !given.get(name) && !mayBeEmpty(method, name, given))
  if (missing.length > 0) throw invalid(method, `needs ${quote(missing)}.`, { missing })
  const values = new Map<string, Secret>()
  for (const name of variables) {
    const value = given.get(name) ?? ''
    const fault = explainFault(method, name, value)
    if (fault) throw invalid(method, `cannot use "${name}": ${fault}`, { unusable: [name] })
    values.set(name, new Secret(value))
  }
  return values
}

/**
 * Many APIs take a key as user name and nothing as password, some the other way round. The empty
 * half still has to be given: what was left out may have been forgotten.
 */
function mayBeEmpty(method: AuthMethod, name: string, given: Map<string, string>): boolean {
  const pair = method.placements.find(
    (placement) => placement.basic && uses(placement, name),
  )?.basic
  const other = pair?.username === name ? pair.password : pair?.username
  return given.has(name) && other !== undefined && Boolean(given.get(other))
}

/** Finds at the door what could not be sent, or would be sent as something else. */
function explainFault(method: AuthMethod, name: string, value: string): string | null {
  for (const placement of method.placements.filter((one) => uses(one, name))) {
    if (placement.basic) {
      if (placement.basic.username === name && value.includes(':')) return 'it holds a colon.'
    } else if (placement.carrier === 'header' || placement.carrier === 'cookie') {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
      if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
        return 'it holds a line break or another control character.'
      }
    } else if (placement.carrier === 'env' && value.includes('\0')) {
      return 'it holds a null character.'
    }
  }
  return null
}

function uses({ basic, variable, literal }: Placement, name: string): boolean {
  if (basic) return basic.username === name || basic.password === name
  return literal === undefined && (variable ?? 'token') === name
}

function onlyVariable(method: AuthMethod, variables: string[]): string {
  const [variable, ...others] = variables
  if (variable !== undefined && others.length === 0) return variable
  throw invalid(method, `has several inputs: give values for ${quote(variables)}.`, {
    missing: variables,
  })
}

function invalid(
  method: AuthMethod,
  fault: string,
  details: Record<string, unknown> = {},
): ServiceError {
  return new ServiceError(
    'invalid_argument',
    'connection_input_invalid',
    `The method "${method.slug}" ${fault}`,
    { details: { template: method.slug, ...details } },
  )
}

function quote(names: string[]): string {
  const shown = names.slice(0, NAMES_SHOWN_MAX).map((name) => `"${shorten(name)}"`)
  return names.length > shown.length ? `${shown.join(', ')} and more` : shown.join(', ')
}

function shorten(name: string): string {
  return name.length > NAME_CHARS_SHOWN_MAX ? `${name.slice(0, NAME_CHARS_SHOWN_MAX)}…` : name
}

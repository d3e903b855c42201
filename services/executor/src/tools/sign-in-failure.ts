import type { Bus } from '@executor/bus'
import {
  connections,
  type IntegrationSettings,
  isServiceError,
  type ResolvedCredential,
  type ToolError,
  type ToolRef,
} from '@executor/contracts'
import { authenticationDetails } from '../protocols/authentication.ts'
import type { ProtocolAnswer } from '../protocols/protocol.ts'
import { handoffUrl } from './handoff-url.ts'
import type { CallOptions, ToolAnswer } from './tool.ts'

interface Place {
  ref: ToolRef
  settings: IntegrationSettings
  webBaseUrl: () => string
}

/** There is no token: says who can do what about it, with the link behind which a person signs in. */
export function explainSignIn(error: ToolError, place: Place): ToolError {
  if (!error.code.startsWith('oauth_')) return error
  const { ref, settings } = place
  const template = settings.authMethods.find(({ kind }) => kind === 'oauth2')?.slug ?? ''
  const account = { owner: ref.owner, name: ref.connection, template }
  const given = asObject(error.details)
  const details = { ...given, ...authenticationDetails(settings, account, null) }
  return withLink({ ...error, details }, place, template)
}

interface Refused extends Place {
  credential: ResolvedCredential
  answer: ProtocolAnswer
}

/** The token is refused: what it lacks is kept, for the next sign-in to ask for. */
export async function noteScopes(
  { bus }: { bus: Bus },
  { answer, credential, ...place }: Refused,
  options: CallOptions,
): Promise<ToolAnswer> {
  const { error, ...rest } = JSON.parse(answer.json) as { error: ToolError }
  const details = asObject(error.details)
  const required = Array.isArray(details.requiredScopes) ? details.requiredScopes.map(String) : []
  const linked = withLink(error, place, credential.template)
  if (error.code !== 'oauth_scope_insufficient')
    return { ...answer, json: JSON.stringify({ ...rest, error: linked }) }
  const granted = await note(bus, { ...place, credential }, required, options)
  const known = Array.isArray(details.grantedScopes) && details.grantedScopes.length > 0
  const shown = known || granted.length === 0 ? {} : { grantedScopes: granted }
  const named = { ...linked, details: { ...asObject(linked.details), ...shown } }
  return { ...answer, json: JSON.stringify({ ...rest, error: named }) }
}

const SCOPES_MAX = 100
const SCOPE_CHARS_MAX = 1024

async function note(
  bus: Bus,
  { ref, credential }: Pick<Refused, 'ref' | 'credential'>,
  required: readonly string[],
  options: CallOptions,
): Promise<string[]> {
  const { owner, integration, connection: name } = ref
  const scopes = required.filter(({ length }) => length <= SCOPE_CHARS_MAX).slice(0, SCOPES_MAX)
  const input = { owner, integration, name, consent: credential.consent, required: scopes }
  try {
    return (await bus.request(connections.noteMissingScopes, input, options)).granted
  } catch (error) {
    // What the upstream said must reach the agent all the same.
    if (!isServiceError(error)) throw error
    return []
  }
}

function withLink(error: ToolError, { ref, webBaseUrl }: Place, template: string): ToolError {
  const { integration, owner, connection: label } = ref
  const signInUrl = handoffUrl(webBaseUrl(), { integration, owner, template, label })
  const details = asObject(error.details)
  const recovery = { ...asObject(details.recovery), signInUrl }
  const hint = ` A person signs in at ${signInUrl}`
  return { ...error, message: error.message + hint, details: { ...details, recovery } }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

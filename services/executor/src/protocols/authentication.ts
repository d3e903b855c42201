import type { IntegrationSettings, Owner, ToolError } from '@executor/contracts'
import type { Rendering } from './credential.ts'

/** The connection a call went through, for messages. */
export interface Account {
  owner: Owner
  name: string
  template: string
}

const CREATE_CONNECTION_TOOL = 'executor.coreTools.connections.createHandoff'
const LIST_CONNECTIONS_TOOL = 'executor.coreTools.connections.list'
const START_OAUTH_TOOL = 'executor.coreTools.oauth.start'

/** What is wrong with a credential and who can do what about it. */
export function authenticationDetails(
  settings: IntegrationSettings,
  { owner, name, template }: Account,
  upstream: { status: number; body: unknown } | null,
) {
  const isOauth = settings.authMethods.find(({ slug }) => slug === template)?.kind === 'oauth2'
  return {
    category: 'authentication' as const,
    integration: settings.slug,
    credential: { owner, connection: name, template },
    upstream,
    recovery: {
      createConnectionTool: CREATE_CONNECTION_TOOL,
      createConnectionInstructions:
        'Make a hand-off link and give it to the person: behind it they enter the credential.',
      ...(isOauth
        ? {
            startOAuthTool: START_OAUTH_TOOL,
            startOAuthInstructions: 'Start the sign-in and give the person its URL.',
          }
        : {}),
      listConnectionsTool: LIST_CONNECTIONS_TOOL,
      listConnectionsInstructions: 'Another connection of this integration may work.',
    },
  }
}

/** Why nothing was sent: the credential is not whole, and nothing goes out without it. */
export function credentialError(
  settings: IntegrationSettings,
  account: Account,
  rendering: Exclude<Rendering, { credential: unknown }>,
): ToolError {
  return {
    code: 'connection_value_missing',
    message: `The call was not sent: the connection "${account.name}" of ${settings.slug} ${reason(rendering)}.`,
    details: {
      ...authenticationDetails(settings, account, null),
      ...('missing' in rendering ? { missing: rendering.missing } : {}),
    },
    retryable: false,
  }
}

function reason(rendering: Exclude<Rendering, { credential: unknown }>): string {
  if ('missing' in rendering) return `lacks ${rendering.missing.join(', ')}; enter it again`
  if ('unusable' in rendering)
    return `has a line break in ${rendering.unusable.join(', ')}; enter it again`
  return `uses the method "${rendering.unknownMethod}", which is gone; connect again`
}

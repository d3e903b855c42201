import type { Bus } from '@executor/bus'
import { connections, type Input } from '@executor/contracts'
import { handoffUrl } from './handoff-url.ts'
import type { CallOptions } from './tool.ts'

/** Where sign-ins come back to. */
const CALLBACK_PATH = '/api/oauth/callback'

interface ClientHandoff {
  integration: string
  owner: string
  template?: string
  label?: string
  clientSlug?: string
  grant?: string
  clientId?: string
  authorizationUrl?: string
  tokenUrl?: string
  resource?: string
}

/** The core tools about signing in. */
export function oauthRuns(bus: Bus, webBaseUrl: () => string) {
  const redirectUri = () => new URL(CALLBACK_PATH, webBaseUrl()).href
  return {
    'coreTools.oauth.clients.list': (_: unknown, options: CallOptions) =>
      bus.request(connections.listOauthClients, {}, options),
    'coreTools.oauth.clients.create': (
      input: Omit<Input<typeof connections.createOauthClient>, 'grant'>,
      options: CallOptions,
    ) => {
      const client = { ...input, grant: 'authorization_code' as const }
      const isPublic = { tokenEndpointAuthMethod: 'none' as const }
      return bus.request(connections.createOauthClient, { ...client, ...isPublic }, options)
    },
    'coreTools.oauth.clients.createHandoff': async (input: ClientHandoff) => ({
      url: clientHandoffUrl(webBaseUrl(), input),
    }),
    'coreTools.oauth.clients.registerDynamic': (
      input: Omit<Input<typeof connections.registerOauthClient>, 'redirectUri'>,
      options: CallOptions,
    ) => {
      const registration = { ...input, redirectUri: redirectUri() }
      return bus.request(connections.registerOauthClient, registration, options)
    },
    'coreTools.oauth.clients.remove': (
      input: Input<typeof connections.removeOauthClient>,
      options: CallOptions,
    ) => bus.request(connections.removeOauthClient, input, options),
    'coreTools.oauth.probe': (input: { url: string }, options: CallOptions) =>
      bus.request(connections.probeOauth, input, options),
    'coreTools.oauth.start': (
      input: Omit<Input<typeof connections.startOauth>, 'redirectUri'>,
      options: CallOptions,
    ) => bus.request(connections.startOauth, { ...input, redirectUri: redirectUri() }, options),
    'coreTools.oauth.cancel': (input: { state: string }, options: CallOptions) =>
      bus.request(connections.cancelOauth, input, options),
  }
}

/** Where a person enters an app with its secret; what is known of it already stands in the link. */
function clientHandoffUrl(
  webBaseUrl: string,
  { integration, owner, template, label, ...client }: ClientHandoff,
): string {
  const url = new URL(handoffUrl(webBaseUrl, { integration, owner, template, label }))
  url.searchParams.set('oauthClient', '1')
  for (const [name, value] of Object.entries(client)) url.searchParams.set(name, value)
  return url.href
}

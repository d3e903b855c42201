import { isObject, type JsonObject } from './json.ts'

const LOGIN = 'https://login.microsoftonline.com/common/oauth2/v2.0'
const SERVER = 'https://graph.microsoft.com/v1.0'
/** Whatever was granted to the app that a person registered. */
const APP_SCOPE = 'https://graph.microsoft.com/.default'

/**
 * Microsoft publishes Graph with a security scheme that names neither a way to sign in as an app nor
 * any scope: these two say what its identity platform offers.
 */
const SECURITY_SCHEMES: JsonObject = {
  azureAdDelegated: {
    type: 'oauth2',
    'x-executor-slug': 'azureAdDelegated',
    description: 'Signs a person in; calls reach what that person may reach.',
    flows: {
      authorizationCode: {
        authorizationUrl: `${LOGIN}/authorize`,
        tokenUrl: `${LOGIN}/token`,
        scopes: { [APP_SCOPE]: 'What the app was granted.', offline_access: 'Stay signed in.' },
      },
    },
  },
  azureAdClientCredentials: {
    type: 'oauth2',
    'x-executor-slug': 'azureAdClientCredentials',
    description:
      'Calls as the app itself, with the permissions an administrator granted it. In the token URL put the tenant in place of "common".',
    flows: {
      clientCredentials: {
        tokenUrl: `${LOGIN}/token`,
        scopes: { [APP_SCOPE]: 'What the app was granted.' },
      },
    },
  },
}

/** Microsoft Graph's description, with the ways to sign in that every operation accepts. */
export function convertMicrosoftGraph(root: JsonObject): JsonObject {
  const { components, servers } = root
  return {
    ...root,
    servers: Array.isArray(servers) && servers.length > 0 ? servers : [{ url: SERVER }],
    security: [{ azureAdDelegated: [] }, { azureAdClientCredentials: [] }],
    components: { ...(isObject(components) ? components : {}), securitySchemes: SECURITY_SCHEMES },
  }
}

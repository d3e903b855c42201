import { z } from 'zod'
import { Owner, Slug } from './address.ts'
import { OauthGrant, oauthMethods } from './connections-oauth.ts'

const Url = z.string().min(1).max(2048)
const ClientKey = z.object({ owner: Owner, slug: Slug }).strict()

/** The core tools about signing in. A secret is no argument of any: a person enters it behind a link. */
export const OAUTH_TOOLS = [
  {
    name: 'coreTools.oauth.clients.list',
    description: 'List OAuth apps, as which people sign in to upstreams.',
    input: z.object({}).strict(),
    requiresApproval: false,
  },
  {
    name: 'coreTools.oauth.clients.create',
    description: 'Save a public OAuth app: one that has no secret.',
    input: z
      .object({
        owner: Owner,
        slug: Slug,
        authorizationUrl: Url,
        tokenUrl: Url,
        clientId: z.string().min(1).max(2048),
        resource: Url.optional(),
        originIntegration: Slug.optional(),
      })
      .strict(),
    requiresApproval: true,
  },
  {
    name: 'coreTools.oauth.clients.createHandoff',
    description: 'Make a link behind which a person enters an OAuth app with its secret.',
    input: z
      .object({
        integration: Slug,
        owner: Owner.default('org'),
        template: z.string().max(128).optional(),
        label: z.string().max(128).optional(),
        clientSlug: Slug.optional(),
        grant: OauthGrant.optional(),
        clientId: z.string().max(2048).optional(),
        authorizationUrl: Url.optional(),
        tokenUrl: Url.optional(),
        resource: Url.optional(),
      })
      .strict(),
    requiresApproval: false,
  },
  {
    name: 'coreTools.oauth.clients.registerDynamic',
    description: 'Register an OAuth app with a server that lets programs do so.',
    // We know ourselves where people come back to.
    input: oauthMethods.registerOauthClient.input.omit({ redirectUri: true }).strict(),
    requiresApproval: true,
  },
  {
    name: 'coreTools.oauth.clients.remove',
    description: 'Remove an OAuth app and its secret.',
    input: ClientKey,
    requiresApproval: true,
  },
  {
    name: 'coreTools.oauth.probe',
    description: 'Ask a resource, or an authorization server, where tokens come from.',
    input: z.object({ url: Url }).strict(),
    requiresApproval: false,
  },
  {
    name: 'coreTools.oauth.start',
    description: 'Begin to sign in to an integration. Give the person the URL that it answers.',
    input: z
      .object({
        owner: Owner,
        integration: Slug,
        name: z.string().min(1).max(128),
        template: z.string().min(1).max(128).describe('The auth method, one that is OAuth'),
        client: Slug.optional().describe('The OAuth app; the one that fits when absent'),
        clientOwner: Owner.optional(),
        identityLabel: z.string().max(256).optional(),
      })
      .strict(),
    requiresApproval: true,
  },
  {
    name: 'coreTools.oauth.cancel',
    description: 'Give up a sign-in that was begun.',
    input: oauthMethods.cancelOauth.input.strict(),
    requiresApproval: false,
  },
]

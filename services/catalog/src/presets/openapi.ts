import type { AuthTemplate, HealthCheckSpec, JsonPatchOperation } from '@executor/contracts'
import type { PresetEntry } from './preset.ts'

interface OpenapiEntry {
  id: string
  name: string
  summary: string
  family: string
  spec: string
  hint: string
  credentialUrl?: string
  /** Where the description says nothing of credentials, or less than there is. */
  authenticationTemplate?: AuthTemplate[]
  specOverrides?: JsonPatchOperation[]
  oauthScopes?: string[]
  healthCheck?: HealthCheckSpec
}

const raw = (path: string) => `https://raw.githubusercontent.com/${path}`

function toEntry(entry: OpenapiEntry): PresetEntry {
  const { spec, authenticationTemplate, specOverrides, oauthScopes, healthCheck, ...rest } = entry
  const { hint, credentialUrl: url, ...shown } = rest
  return {
    ...shown,
    kind: 'openapi',
    credential: { hint, ...(url ? { url } : {}) },
    input: {
      spec,
      name: entry.name,
      ...(authenticationTemplate ? { authenticationTemplate } : {}),
      ...(specOverrides ? { specOverrides } : {}),
      ...(oauthScopes ? { oauthScopes } : {}),
    },
    ...(healthCheck ? { healthCheck } : {}),
  }
}

const bearer = (label: string): AuthTemplate => ({
  type: 'apiKey',
  slug: 'token',
  label,
  headers: { Authorization: ['Bearer ', { type: 'variable', name: 'token' }] },
})

export const OPENAPI_PRESETS: readonly PresetEntry[] = (
  [
    {
      id: 'stripe',
      name: 'Stripe',
      summary: 'Customers, payments, subscriptions, invoices and payouts.',
      family: 'stripe',
      spec: raw('stripe/openapi/master/openapi/spec3.json'),
      hint: 'A secret or restricted API key (sk_… or rk_…).',
      credentialUrl: 'https://dashboard.stripe.com/apikeys',
      healthCheck: { operation: 'account.getAccount', identityField: 'email' },
    },
    {
      id: 'github-rest',
      name: 'GitHub REST',
      summary: 'Repositories, issues, pull requests, actions, organizations and users.',
      family: 'github',
      spec: raw('github/rest-api-description/main/descriptions/api.github.com/api.github.com.json'),
      hint: 'A personal access token, fine-grained or classic; or an OAuth app of your own.',
      credentialUrl: 'https://github.com/settings/tokens',
      authenticationTemplate: [
        bearer('Personal access token'),
        {
          kind: 'oauth2',
          slug: 'oauth2',
          label: 'OAuth app',
          authorizationUrl: 'https://github.com/login/oauth/authorize',
          tokenUrl: 'https://github.com/login/oauth/access_token',
          scopes: ['repo', 'read:org', 'user:email'],
        },
      ],
      healthCheck: { operation: 'users.getAuthenticated', identityField: 'login' },
    },
    {
      id: 'vercel',
      name: 'Vercel',
      summary: 'Projects, deployments, domains and environment variables.',
      family: 'vercel',
      spec: 'https://openapi.vercel.sh',
      hint: 'An access token.',
      credentialUrl: 'https://vercel.com/account/tokens',
      healthCheck: { operation: 'user.getAuthUser', identityField: 'user.username' },
    },
    {
      id: 'cloudflare',
      name: 'Cloudflare',
      summary: 'Zones, DNS, Workers, storage and security: the whole API, about 2,700 operations.',
      family: 'cloudflare',
      spec: raw('cloudflare/api-schemas/main/openapi.json'),
      hint: 'An API token with the permissions that you want to hand out.',
      credentialUrl: 'https://dash.cloudflare.com/profile/api-tokens',
    },
    {
      id: 'neon',
      name: 'Neon',
      summary: 'Postgres projects, branches, databases and endpoints.',
      family: 'neon',
      spec: 'https://neon.tech/api_spec/release/v2.json',
      hint: 'An API key.',
      credentialUrl: 'https://console.neon.tech/app/settings/api-keys',
    },
    {
      id: 'openai',
      name: 'OpenAI',
      summary: 'Models, responses, files, images, audio and fine-tuning.',
      family: 'openai',
      spec: 'https://app.stainless.com/api/spec/documented/openai/openapi.documented.yml',
      hint: 'An API key (sk-…).',
      credentialUrl: 'https://platform.openai.com/api-keys',
    },
    {
      id: 'sentry',
      name: 'Sentry',
      summary: 'Organizations, projects, issues, events and releases.',
      family: 'sentry',
      spec: raw('getsentry/sentry-api-schema/main/openapi-derefed.json'),
      hint: 'An auth token of a user or an internal integration.',
      credentialUrl: 'https://sentry.io/settings/account/api/auth-tokens/',
    },
    {
      id: 'posthog',
      name: 'PostHog',
      summary: 'Events, insights, feature flags, experiments and persons.',
      family: 'posthog',
      spec: 'https://us.posthog.com/api/schema/',
      hint: 'A personal API key (phx_…).',
      credentialUrl: 'https://us.posthog.com/settings/user-api-keys',
    },
    {
      id: 'exa',
      name: 'Exa',
      summary: 'Search the web, read pages, find similar ones and get answers.',
      family: 'exa',
      spec: raw('exa-labs/openapi-spec/refs/heads/master/exa-openapi-spec.yaml'),
      hint: 'An API key.',
      credentialUrl: 'https://dashboard.exa.ai/api-keys',
    },
    {
      id: 'exa-websets',
      name: 'Exa Websets',
      summary: 'Collections of search results: items, enrichments, monitors and webhooks.',
      family: 'exa',
      spec: raw('exa-labs/openapi-spec/refs/heads/master/exa-websets-spec.yaml'),
      hint: 'An API key.',
      credentialUrl: 'https://dashboard.exa.ai/api-keys',
    },
    {
      id: 'axiom',
      name: 'Axiom',
      summary: 'Datasets, queries, monitors and notifiers for logs and events.',
      family: 'axiom',
      spec: 'https://axiom.co/docs/restapi/versions/v2.json',
      hint: 'An API token.',
      credentialUrl: 'https://app.axiom.co/settings/api-tokens',
    },
    {
      id: 'asana',
      name: 'Asana',
      summary: 'Tasks, projects, sections, teams and workspaces.',
      family: 'asana',
      spec: raw('APIs-guru/openapi-directory/main/APIs/asana.com/1.0/openapi.yaml'),
      hint: 'A personal access token.',
      credentialUrl: 'https://app.asana.com/0/my-apps',
      healthCheck: {
        operation: 'users.getUser',
        args: { user_gid: 'me' },
        identityField: 'data.email',
      },
    },
    {
      id: 'twilio',
      name: 'Twilio',
      summary: 'Messages, calls, phone numbers and recordings.',
      family: 'twilio',
      spec: raw('twilio/twilio-oai/main/spec/json/twilio_api_v2010.json'),
      hint: 'The account SID as user name and the auth token as password.',
      credentialUrl: 'https://console.twilio.com/',
    },
    {
      id: 'digitalocean',
      name: 'DigitalOcean',
      summary: 'Droplets, Kubernetes, databases, networking and apps.',
      family: 'digitalocean',
      spec: raw('digitalocean/openapi/main/specification/DigitalOcean-public.v2.yaml'),
      hint: 'A personal access token.',
      credentialUrl: 'https://cloud.digitalocean.com/account/api/tokens',
      healthCheck: { operation: 'account.accountGet', identityField: 'account.email' },
    },
    {
      id: 'petstore',
      name: 'Swagger Petstore',
      summary: 'The example API of Swagger: pets, orders and users, to try things out on.',
      family: 'petstore',
      spec: 'https://petstore3.swagger.io/api/v3/openapi.json',
      hint: 'None: every operation can be called without one.',
      authenticationTemplate: [{ slug: 'none', kind: 'none', placements: [], origin: 'custom' }],
    },
    {
      id: 'val-town',
      name: 'Val Town',
      summary: 'Vals, their files and versions, blobs and SQLite.',
      family: 'val-town',
      spec: 'https://api.val.town/openapi.json',
      hint: 'An API token.',
      credentialUrl: 'https://www.val.town/settings/api',
    },
    {
      id: 'resend',
      name: 'Resend',
      summary: 'Send e-mail, and manage domains, audiences and broadcasts.',
      family: 'resend',
      spec: raw('resend/resend-openapi/main/resend.yaml'),
      hint: 'An API key (re_…).',
      credentialUrl: 'https://resend.com/api-keys',
    },
    {
      id: 'spotify',
      name: 'Spotify',
      summary: 'Tracks, albums, artists, playlists, the library and playback.',
      family: 'spotify',
      spec: raw('sonallux/spotify-web-api/refs/heads/main/official-spotify-open-api.yml'),
      hint: 'An OAuth app of your own.',
      credentialUrl: 'https://developer.spotify.com/dashboard',
      healthCheck: { operation: 'users.getCurrentUsersProfile', identityField: 'display_name' },
    },
    {
      id: 'figma',
      name: 'Figma',
      summary: 'Files, comments, components, projects and webhooks.',
      family: 'figma',
      spec: raw('figma/rest-api-spec/refs/heads/main/openapi/openapi.yaml'),
      hint: 'A personal access token, or an OAuth app of your own.',
      credentialUrl: 'https://www.figma.com/settings',
      // Its description lists more scopes than Figma grants to one app.
      oauthScopes: [
        'current_user:read',
        'file_comments:read',
        'file_comments:write',
        'file_content:read',
        'file_dev_resources:read',
        'file_dev_resources:write',
        'file_metadata:read',
        'file_versions:read',
        'library_assets:read',
        'library_content:read',
        'project_metadata:read',
        'projects:read',
        'team_library_content:read',
        'webhooks:read',
        'webhooks:write',
      ],
    },
  ] satisfies OpenapiEntry[]
).map(toEntry)

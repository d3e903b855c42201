import type {
  Connection,
  Detection,
  HealthCheckResult,
  HealthCheckSpec,
  ImportResult,
  Integration,
  Interaction,
  OauthClient,
  OauthGrant,
  OauthOutcome,
  OauthProbe,
  Preset,
  Rule,
  RunDetail,
  SearchPage,
  SourceChange,
  SourceReview,
  ToolDescription,
  ToolListing,
} from '@executor/contracts'
import type { AuthMethodView } from './credential-fields.ts'
import { request, requestPage } from './request.ts'

export interface Health {
  status: string
  version?: string
}
/** An integration as the API words it. */
export interface IntegrationView extends Omit<Integration, 'authMethods'> {
  authMethods: AuthMethodView[]
}
export type { Interaction, RunDetail }
export type Owner = Connection['owner']
/** An answer, for exactly what was shown. */
export interface Answering {
  action: 'accept' | 'decline'
  digest: string
  content?: Record<string, unknown>
  grant?: number
}
export interface CredentialToTry {
  owner: Owner
  integration: string
  template: string
  values?: Record<string, string>
  spec?: HealthCheckSpec
}
export interface NewConnection extends Omit<CredentialToTry, 'spec'> {
  name: string
  identityLabel?: string
}
/** An account that somebody signs in to; without an app, the instance registers one or has it. */
export interface SignIn {
  owner: Owner
  integration: string
  template: string
  name: string
  client?: string
  clientOwner?: Owner
}
export type StartedSignIn =
  | { status: 'connected'; connection: Connection }
  | { status: 'redirect'; authorizationUrl: string; state: string }
export interface NewOauthClient {
  owner: Owner
  slug: string
  grant: OauthGrant
  authorizationUrl: string
  tokenUrl: string
  clientId: string
  clientSecret: string
  resource?: string
  originIntegration: string
}
export interface CheckCandidate {
  operation: string
  summary?: string
  requiredArgs: string[]
}
export type IntegrationChange = Partial<
  Pick<Integration, 'name' | 'description' | 'review' | 'refreshEveryMs'>
>
/** Tools of one account; of the product's own, which has none, of all there is. */
export interface ToolFilter {
  integration: string
  account: Pick<Connection, 'owner' | 'name'> | null
  query: string
}
export type ToolEntry = Pick<ToolListing, 'address' | 'name' | 'description' | 'requiresApproval'>
export interface ReviewDecision {
  account?: SourceReview['account']
  revision: string
  operations?: string[]
}

const segment = encodeURIComponent
const integrationPath = (slug: string) => `/integrations/${segment(slug)}`
const connectionPath = ({
  owner,
  integration,
  name,
}: Pick<Connection, 'owner' | 'integration' | 'name'>) =>
  `/connections/${owner}/${segment(integration)}/${segment(name)}`
/** Tools of a list, and changes of a history, that are shown at once. */
const TOOLS_SHOWN = 50
const CHANGES_SHOWN = 10
/** More than anybody answers one by one. */
export const WAITING_SHOWN = 50

/** The one client of the API; components never fetch by themselves. */
export const api = {
  health: () => request<Health>('GET', '/health'),
  /** The newest of what people are asked. */
  waiting: () =>
    requestPage<Interaction>(`/interactions?status=open&${pageQuery(WAITING_SHOWN, null)}`),
  run: (id: string) => request<RunDetail>('GET', `/executions/${segment(id)}`),
  answer: (id: string, answer: Answering) =>
    request<Interaction>('POST', `/interactions/${segment(id)}/answer`, answer),

  integrations: () => request<IntegrationView[]>('GET', '/integrations'),
  integration: (slug: string) => request<IntegrationView>('GET', integrationPath(slug)),
  changeIntegration: (slug: string, change: IntegrationChange) =>
    request<IntegrationView>('PATCH', integrationPath(slug), change),
  removeIntegration: (slug: string) => request<unknown>('DELETE', integrationPath(slug)),
  refreshIntegration: (slug: string, force: boolean) =>
    request<ImportResult>('POST', `${integrationPath(slug)}/refresh${force ? '?force' : ''}`, {}),
  changes: (slug: string, cursor: string | null) =>
    requestPage<SourceChange>(
      `${integrationPath(slug)}/changes?${pageQuery(CHANGES_SHOWN, cursor)}`,
    ),
  review: (slug: string) => request<SourceReview[]>('GET', `${integrationPath(slug)}/review`),
  decide: (slug: string, verdict: 'approve' | 'reject', decision: ReviewDecision) =>
    request<{ decided: string[] }>('POST', `${integrationPath(slug)}/review/${verdict}`, decision),
  healthCheck: (slug: string) =>
    request<HealthCheckSpec | null>('GET', `${integrationPath(slug)}/health-check`),
  chooseHealthCheck: (slug: string, spec: HealthCheckSpec) =>
    request<unknown>('PUT', `${integrationPath(slug)}/health-check`, { spec }),
  checkCandidates: (slug: string) =>
    request<CheckCandidate[]>('GET', `${integrationPath(slug)}/health-check/candidates`),

  presets: () => request<Preset[]>('GET', '/integrations/presets'),
  detect: (input: string) => request<Detection[]>('POST', '/integrations/detect', { input }),
  /** As a detection says how it is added; every path of it is below `/api`. */
  add: ({ method, path, body }: Required<Detection>['add']) =>
    request<Pick<ImportResult, 'slug'>>(method, path.replace(/^\/api/, ''), body),

  connections: (slug: string) =>
    request<Connection[]>('GET', `/connections?integration=${segment(slug)}`),
  tryCredential: (credential: CredentialToTry) =>
    request<HealthCheckResult>('POST', '/connections/validate', credential),
  connect: (connection: NewConnection) => request<Connection>('POST', '/connections', connection),
  checkConnection: (connection: Connection) =>
    request<HealthCheckResult>('POST', `${connectionPath(connection)}/health`),
  refreshConnection: (connection: Connection) =>
    request<ToolListing[]>('POST', `${connectionPath(connection)}/refresh`),
  removeConnection: (connection: Connection) =>
    request<unknown>('DELETE', connectionPath(connection)),

  oauthClients: () => request<OauthClient[]>('GET', '/oauth/clients'),
  saveOauthClient: (client: NewOauthClient) =>
    request<{ client: string }>('POST', '/oauth/clients', client),
  probeOauth: (url: string) => request<OauthProbe>('POST', '/oauth/probe', { url }),
  startSignIn: (signIn: SignIn) => request<StartedSignIn>('POST', '/oauth/start', signIn),
  /** Waits for half a minute; `pending` when nobody has signed in by then. */
  awaitSignIn: (state: string) => request<OauthOutcome>('GET', `/oauth/await/${segment(state)}`),
  cancelSignIn: (state: string) => request<unknown>('POST', '/oauth/cancel', { state }),
  connection: (place: Pick<Connection, 'owner' | 'integration' | 'name'>) =>
    request<Connection>('GET', connectionPath(place)),

  rules: () => request<Rule[]>('GET', '/policies'),
  /** Those whose name or description holds the query. */
  tools: ({ integration, account, query }: ToolFilter, cursor: string | null) => {
    const about = new URLSearchParams({
      integration,
      ...(account ? { owner: account.owner, connection: account.name } : {}),
      ...(query ? { query } : {}),
      includeBlocked: 'true',
    })
    return requestPage<ToolEntry>(`/tools?${about}&${pageQuery(TOOLS_SHOWN, cursor)}`)
  },
  /** Those that do what the query says in everyday words. */
  searchTools: async ({ integration, account, query }: ToolFilter): Promise<ToolEntry[]> => {
    const namespace = [integration, ...(account ? [account.owner, account.name] : [])].join('.')
    const about = new URLSearchParams({ query, namespace, limit: String(TOOLS_SHOWN) })
    const { items } = await request<SearchPage>('GET', `/tools/search?${about}`)
    return items.map(({ path, description = '', ...item }) => ({
      ...item,
      description,
      address: `tools.${path}`,
    }))
  },
  describeTool: (address: string) =>
    request<ToolDescription>('GET', `/tools/schema?address=${segment(address)}`),
}

function pageQuery(limit: number, cursor: string | null): URLSearchParams {
  return new URLSearchParams({ limit: String(limit), ...(cursor ? { cursor } : {}) })
}

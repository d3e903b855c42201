import { z } from 'zod'
import { Owner, Slug } from './address.ts'
import { oauthMethods } from './connections-oauth.ts'
import { defineContract, defineEvent } from './define.ts'
import { HealthCheckSpec } from './health-check.ts'
import { PageInput, Timestamp } from './json.ts'

export const HealthStatus = z.enum(['healthy', 'expired', 'degraded', 'unknown'])
export const HealthCheckResult = z.object({
  status: HealthStatus,
  httpStatus: z.number().int().optional(),
  identity: z.string().optional(),
  checkedAt: Timestamp,
  detail: z.string().optional(),
  responseSample: z
    .array(z.object({ path: z.string(), value: z.string() }))
    .max(50)
    .optional(),
})
export type HealthCheckResult = z.infer<typeof HealthCheckResult>

export const Connection = z.object({
  owner: Owner,
  name: z.string(),
  integration: z.string(),
  /** `tools.<integration>.<owner>.<name>`. */
  address: z.string(),
  /** The slug of the auth method it uses. */
  template: z.string(),
  /** Where its values live. */
  provider: z.string(),
  identityLabel: z.string().nullable(),
  description: z.string().nullable(),
  expiresAt: Timestamp.nullable(),
  oauthClient: z.string().nullable(),
  oauthClientOwner: Owner.nullable(),
  oauthScope: z.string().nullable(),
  /** What its grant lacks of what was asked for, or of what an upstream wanted for a call. */
  missingOAuthScopes: z.array(z.string()),
  lastHealth: HealthCheckResult.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type Connection = z.infer<typeof Connection>

const SECRET_CHARS_MAX = 65_536
const SecretText = z.string().max(SECRET_CHARS_MAX)
/** Exactly one of the three, unless the method is `none`. */
const CredentialInput = {
  value: SecretText.optional(),
  values: z.record(z.string(), SecretText).optional(),
  from: z.object({ provider: z.string(), id: z.string() }).optional(),
}
const Key = { owner: Owner, integration: Slug, name: z.string().min(1).max(128) }

/** A connection as far as tools are made of it. */
export const ConnectedAccount = z.object({
  integration: z.string(),
  owner: Owner,
  name: z.string(),
  updatedAt: Timestamp,
})
export type ConnectedAccount = z.infer<typeof ConnectedAccount>

/** A credential in clear, on its way from `connections` to `executor` and nowhere else. */
export const ResolvedCredential = z.object({
  /** Changes whenever the connection or its values change. */
  revision: z.string(),
  /** Names what a person agreed to: it outlasts the tokens that are got for it one after the other. */
  consent: z.string(),
  template: z.string(),
  values: z.record(z.string(), z.string()),
  expiresAt: Timestamp.nullable(),
})
export type ResolvedCredential = z.infer<typeof ResolvedCredential>

export const connections = defineContract('connections', {
  listConnections: {
    input: z.object({ integration: z.string().optional(), owner: Owner.optional(), ...PageInput }),
    output: z.object({ items: z.array(Connection), nextCursor: z.string().optional() }),
    access: 'read',
    idempotent: true,
  },
  /**
   * What the asker's tools are made of, in no order. Who names the version of a list that it `known`
   * already is told by null that it is still the list.
   */
  listAccounts: {
    input: z.object({
      integration: z.string().optional(),
      owner: Owner.optional(),
      known: z.string().optional(),
    }),
    output: z.object({ version: z.string(), accounts: z.array(ConnectedAccount).nullable() }),
    access: 'internal',
    idempotent: true,
  },
  /** The integrations that have a connection the asker sees, in order. */
  listConnectedIntegrations: {
    input: z.object({}),
    output: z.object({ slugs: z.array(z.string()) }),
    access: 'read',
    idempotent: true,
  },
  getConnection: { input: z.object(Key), output: Connection, access: 'read', idempotent: true },
  /** Creates or replaces, on (owner, integration, name). */
  createConnection: {
    input: z.object({
      owner: Owner,
      integration: Slug,
      /** Any words: "Alice Private" becomes `alicePrivate`. */
      name: z.string().min(1).max(128),
      template: z.string().min(1).max(128),
      identityLabel: z.string().max(256).optional(),
      description: z.string().max(2048).optional(),
      ...CredentialInput,
    }),
    output: Connection,
    access: 'manage',
  },
  updateConnection: {
    input: z.object({
      ...Key,
      identityLabel: z.string().max(256).nullable().optional(),
      description: z.string().max(2048).nullable().optional(),
    }),
    output: Connection,
    access: 'manage',
  },
  removeConnection: {
    input: z.object(Key),
    output: z.object({ removed: z.boolean() }),
    access: 'manage',
  },
  /** Everything that hung on an integration that is gone, every member's rows included. */
  removeIntegrationConnections: {
    input: z.object({ integration: Slug }),
    output: z.object({ removed: z.number().int() }),
    access: 'internal',
  },
  checkConnection: {
    input: z.object({ ...Key, ifStaleMs: z.number().int().min(0).max(86_400_000).optional() }),
    output: HealthCheckResult,
    access: 'call',
    timeoutMs: 60_000,
  },
  /** Tries a credential that is not saved. */
  validateCredential: {
    input: z.object({
      owner: Owner,
      integration: Slug,
      template: z.string().min(1).max(128),
      spec: HealthCheckSpec.optional(),
      ...CredentialInput,
    }),
    output: HealthCheckResult,
    access: 'manage',
    timeoutMs: 60_000,
  },
  listProviders: {
    input: z.object({}),
    output: z.array(z.object({ key: z.string(), writable: z.boolean() })),
    access: 'read',
  },
  listProviderItems: {
    input: z.object({ key: z.string() }),
    output: z.array(z.object({ id: z.string(), name: z.string() })),
    access: 'manage',
  },
  /**
   * For the executor alone. `refused` names a revision that the upstream did not accept: if it can be
   * replaced without a person, it is.
   */
  resolveCredential: {
    input: z.object({ ...Key, refused: z.string().optional() }),
    output: ResolvedCredential,
    access: 'internal',
    idempotent: true,
    timeoutMs: 40_000,
  },
  ...oauthMethods,
})

export const connectionChanged = defineEvent(
  'connections',
  'connectionChanged',
  z.object({
    tenant: z.string(),
    owner: Owner,
    subject: z.string(),
    integration: z.string(),
    name: z.string(),
    change: z.enum(['created', 'updated', 'removed']),
  }),
)

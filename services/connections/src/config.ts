import { LocalNetwork } from '@executor/boot'
import { z } from 'zod'
import { CREDENTIAL_PREFIX, type EnvironmentOptions } from './providers/environment.ts'

const SecretKey = z.string().min(32, 'use at least 32 characters: openssl rand -base64 32')

export const configSchema = z.object({
  /** An SQLite file belongs to one process, and only the local form sees to that. */
  DATABASE_URL: z
    .string({ error: 'give the URL of the database' })
    .regex(/^postgres(ql)?:\/\//, 'give a postgresql:// URL'),
  EXECUTOR_ALLOW_LOCAL_NETWORK: LocalNetwork.default('none'),
  /** A client ID metadata document that is kept elsewhere and lists this instance's callback. */
  EXECUTOR_OAUTH_CLIENT_ID: z
    .url({ protocol: /^https$/, error: 'give the https:// URL of a client ID metadata document' })
    .optional(),
  EXECUTOR_DATA_DIR: z.string().optional(),
  /** Encrypts credentials; `secret.key` in the data directory does where it is not given. */
  EXECUTOR_SECRET_KEY: SecretKey.optional(),
  /** While it is given, what it encrypted is encrypted again with the other. */
  EXECUTOR_SECRET_KEY_PREVIOUS: SecretKey.optional(),
  /** The organization that `EXECUTOR_CREDENTIAL_…` variables are for; nobody's where not given. */
  EXECUTOR_CREDENTIALS_TENANT: z.string().optional(),
})
export type Config = z.output<typeof configSchema>

export function credentialEnvironment(
  { EXECUTOR_CREDENTIALS_TENANT: tenant }: Config,
  variables: NodeJS.ProcessEnv = process.env,
): EnvironmentOptions {
  if (tenant === undefined) return { variables: {} }
  const named = Object.entries(variables).filter(([name]) => name.startsWith(CREDENTIAL_PREFIX))
  return { variables: Object.fromEntries(named), tenant }
}

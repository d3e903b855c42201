import { LocalNetwork, RefreshSecondsMin } from '@executor/boot'
import { z } from 'zod'

export const configSchema = z.object({
  /** A SQLite file belongs to one process, and only the local form sees to that. */
  DATABASE_URL: z
    .string({ error: 'give the URL of the database' })
    .regex(/^postgres(ql)?:\/\//, 'give a postgresql:// URL'),
  EXECUTOR_ALLOW_LOCAL_NETWORK: LocalNetwork.default('none'),
  EXECUTOR_REFRESH_SECONDS_MIN: RefreshSecondsMin,
})

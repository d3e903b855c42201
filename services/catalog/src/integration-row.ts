import type { AuthMethod, HealthCheckSpec } from '@executor/contracts'

/** An integration as it is kept: what people see, and what its kind keeps for itself. */
export interface IntegrationRow {
  slug: string
  kind: string
  name: string
  description: string
  config: unknown
  authMethods: AuthMethod[]
  snapshot: string
  toolCount: number
  displayUrl: string | null
  canRefresh: boolean
  healthCheck: HealthCheckSpec | null
  revision: string
  createdAt: number
  updatedAt: number
}

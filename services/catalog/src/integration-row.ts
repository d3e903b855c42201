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

/** The integrations of all tenants, as they are read and changed. */
export interface IntegrationRows {
  listIntegrations(tenant: string): Promise<IntegrationRow[]>
  findIntegration(tenant: string, slug: string): Promise<IntegrationRow | null>
  /** False when the slug is taken. */
  insertIntegration(tenant: string, row: IntegrationRow): Promise<boolean>
  /** Null when it is gone. */
  updateIntegration(
    tenant: string,
    slug: string,
    change: Partial<Omit<IntegrationRow, 'slug' | 'createdAt'>>,
  ): Promise<IntegrationRow | null>
  removeIntegration(tenant: string, slug: string): Promise<boolean>
}

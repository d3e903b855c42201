import type { AuthMethod, HealthCheckSpec } from '@executor/contracts'
import type { Settlement } from './store/reviews.ts'

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
  /** Of the text that was handed in, where that is kept. */
  pastedText: string | null
}

export interface UpdateOptions {
  ifRevision?: string
  /** Written with the change, or not at all. */
  settlement?: Settlement
}

/** The integrations of all tenants, as they are read and changed. */
export interface IntegrationRows {
  listIntegrations(tenant: string): Promise<IntegrationRow[]>
  findIntegration(tenant: string, slug: string): Promise<IntegrationRow | null>
  /** False when the slug is taken. */
  insertIntegration(tenant: string, row: IntegrationRow): Promise<boolean>
  /** Null when it is gone, or no longer at the revision that the change is meant for. */
  updateIntegration(
    tenant: string,
    slug: string,
    change: Partial<Omit<IntegrationRow, 'slug' | 'createdAt'>>,
    options?: UpdateOptions,
  ): Promise<IntegrationRow | null>
  removeIntegration(tenant: string, slug: string): Promise<boolean>
}

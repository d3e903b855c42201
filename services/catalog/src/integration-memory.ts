import type { IntegrationRow, IntegrationRows } from './integration-row.ts'

/** Tenants whose integrations are kept in memory; each has some dozens. */
const TENANTS_MAX = 200

/**
 * Keeps integrations in memory, for a store that this process alone writes: every tool call asks for
 * one. A change is in force for whatever starts after it was answered.
 */
export function rememberIntegrations(rows: IntegrationRows): IntegrationRows {
  const tenants = new Map<string, Promise<ReadonlyMap<string, IntegrationRow>>>()

  function load(tenant: string): Promise<ReadonlyMap<string, IntegrationRow>> {
    const known = tenants.get(tenant)
    if (known) return known
    const loading = rows
      .listIntegrations(tenant)
      .then((list) => new Map(list.map((row) => [row.slug, row])))
    tenants.set(tenant, loading)
    loading.catch(() => forget(tenant, loading))
    const [eldest] = tenants.keys()
    if (tenants.size > TENANTS_MAX && eldest !== undefined) tenants.delete(eldest)
    return loading
  }

  function forget(tenant: string, failed: Promise<unknown>): void {
    if (tenants.get(tenant) === failed) tenants.delete(tenant)
  }

  /** What was read while the change was under way may be what was there before. */
  async function changing<T>(tenant: string, change: Promise<T>): Promise<T> {
    try {
      return await change
    } finally {
      tenants.delete(tenant)
    }
  }

  return {
    listIntegrations: async (tenant) => [...(await load(tenant)).values()],
    findIntegration: async (tenant, slug) => (await load(tenant)).get(slug) ?? null,
    insertIntegration: (tenant, row) => changing(tenant, rows.insertIntegration(tenant, row)),
    updateIntegration: (tenant, ...change) =>
      changing(tenant, rows.updateIntegration(tenant, ...change)),
    removeIntegration: (tenant, slug) => changing(tenant, rows.removeIntegration(tenant, slug)),
  }
}

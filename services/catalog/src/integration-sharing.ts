import { coalesce, outlastLeases } from '@executor/storage'
import type { IntegrationRows } from './integration-row.ts'

/**
 * Every tool call asks for its integration: calls that arrive together share the answer, and
 * executors act for a lease on the snapshot and the revision that they were told.
 */
export function shareIntegrations(rows: IntegrationRows): IntegrationRows {
  const find = coalesce((key) => rows.findIntegration(...(JSON.parse(key) as [string, string])))
  return {
    ...rows,
    findIntegration: (tenant, slug) => find(JSON.stringify([tenant, slug])),
    async updateIntegration(tenant, slug, change, options) {
      const updated = await rows.updateIntegration(tenant, slug, change, options)
      if ('snapshot' in change || 'revision' in change) await outlastLeases('postgresql')
      return updated
    },
    async removeIntegration(...given) {
      const removed = await rows.removeIntegration(...given)
      await outlastLeases('postgresql')
      return removed
    },
  }
}

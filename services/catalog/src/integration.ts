import { randomUUID } from 'node:crypto'
import {
  CORE_INTEGRATION,
  CORE_TOOLS,
  type Integration,
  type Principal,
  ServiceError,
} from '@executor/contracts'
import { NO_UPKEEP } from './store/upkeep.ts'
import type { IntegrationRow, Store, UpkeepRow } from './store.ts'
import { toLastRefresh } from './upkeep.ts'

/** The integration that is always there: it stands in no table, and cannot be changed. */
const core: IntegrationRow = {
  slug: CORE_INTEGRATION,
  kind: CORE_INTEGRATION,
  name: 'Executor',
  description: 'The tools of this instance: its integrations, connections and policies.',
  config: {},
  authMethods: [],
  snapshot: '',
  toolCount: CORE_TOOLS.length,
  displayUrl: null,
  canRefresh: false,
  healthCheck: null,
  revision: '1',
  createdAt: 0,
  updatedAt: 0,
  pastedText: null,
}

/** Throws `not_found` (`integration_unknown`). */
export async function getRow(store: Store, tenant: string, slug: string): Promise<IntegrationRow> {
  const row = slug === CORE_INTEGRATION ? core : await store.findIntegration(tenant, slug)
  if (row) return row
  throw integrationUnknown(slug)
}

/** Like `getRow`, and refuses the integration that is not anybody's to change. */
export async function getOwnRow(
  store: Store,
  tenant: string,
  slug: string,
): Promise<IntegrationRow> {
  if (slug === CORE_INTEGRATION) {
    throw new ServiceError(
      'failed_precondition',
      'integration_fixed',
      'The integration "executor" is part of the product and cannot be changed or removed.',
    )
  }
  return getRow(store, tenant, slug)
}

/** Every integration, the product's own first. */
export async function listRows(store: Store, tenant: string): Promise<IntegrationRow[]> {
  return [core, ...(await store.listIntegrations(tenant))]
}

export function integrationUnknown(slug: string): ServiceError {
  return new ServiceError(
    'not_found',
    'integration_unknown',
    `There is no integration "${slug}". List the integrations, or add it first.`,
  )
}

/** As one sees it who asks. */
export async function showIntegration(
  store: Store,
  { tenant, subject }: Principal,
  row: IntegrationRow,
): Promise<Integration> {
  const [upkeep, waiting] = await Promise.all([
    store.findUpkeep(tenant, row.slug),
    store.countWaiting(tenant, subject),
  ])
  return toIntegration(row, upkeep, waiting.get(row.slug) ?? 0)
}

/** Like `showIntegration`, for many. */
export async function showIntegrations(
  store: Store,
  { tenant, subject }: Principal,
  rows: IntegrationRow[],
): Promise<Integration[]> {
  const [upkeeps, waiting] = await Promise.all([
    store.listUpkeeps(tenant),
    store.countWaiting(tenant, subject),
  ])
  return rows.map((row) =>
    toIntegration(row, upkeeps.get(row.slug) ?? NO_UPKEEP, waiting.get(row.slug) ?? 0),
  )
}

function toIntegration(row: IntegrationRow, upkeep: UpkeepRow, heldCount: number): Integration {
  const lastRefresh = toLastRefresh(upkeep)
  const { slug, name, description, kind, canRefresh, authMethods, toolCount, revision } = row
  return {
    slug,
    name,
    description,
    kind,
    canRemove: slug !== CORE_INTEGRATION,
    canRefresh,
    authMethods,
    ...(row.displayUrl === null ? {} : { displayUrl: row.displayUrl }),
    toolCount,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    revision,
    review: upkeep.review,
    refreshEveryMs: upkeep.refreshEveryMs,
    heldCount,
    ...(lastRefresh === null ? {} : { lastRefresh }),
  }
}

/** Another value for every change: whoever cached settings under the last one reads them again. */
export function nextRevision(): string {
  return randomUUID()
}

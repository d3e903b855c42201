import {
  combineRules,
  createRuleIndex,
  type Decider,
  type Rule,
  type RuleIndex,
} from '@executor/contracts'

/** What applies to one account: the organization's rules, then its own, and them prepared. */
export interface RulesInForce {
  rules: readonly Rule[]
  decider: Decider
}

export interface RuleSource {
  /** Changes with every change to the tenant's rules; as of the call. */
  readVersion(tenant: string): number | bigint | Promise<number | bigint>
  /** In position order. */
  readOrgRules(tenant: string): Promise<Rule[]>
  readUserRules(tenant: string, subject: string): Promise<Rule[]>
}

const TENANTS_MAX = 1_000
const SUBJECTS_PER_TENANT_MAX = 1_000

interface PreparedRules {
  rules: readonly Rule[]
  index: RuleIndex
}
interface RememberedTenant {
  version: number | bigint
  org: Promise<PreparedRules>
  subjects: Map<string, Promise<RulesInForce>>
}

/**
 * Remembers the rules of each account for as long as the tenant's version stays the same. The
 * version is read before the rules, so that what is remembered may be newer than its version says,
 * and never older.
 */
export function createRulesInForce(source: RuleSource) {
  const tenants = new Map<string, RememberedTenant>()

  const remember = (tenant: string, version: number | bigint): RememberedTenant => {
    const known = tenants.get(tenant)
    if (known?.version === version) return known
    const loaded = { version, org: prepare(source.readOrgRules(tenant)), subjects: new Map() }
    tenants.delete(tenant)
    dropOldest(tenants, TENANTS_MAX)
    tenants.set(tenant, loaded)
    forgetOnFailure(loaded.org, () => tenants.get(tenant) === loaded && tenants.delete(tenant))
    return loaded
  }

  const rulesOf = (tenant: string, subject: string, version: number | bigint) => {
    const { org, subjects } = remember(tenant, version)
    const known = subjects.get(subject)
    if (known) return known
    const loaded = combine(org, subject === '' ? null : source.readUserRules(tenant, subject))
    dropOldest(subjects, SUBJECTS_PER_TENANT_MAX)
    subjects.set(subject, loaded)
    forgetOnFailure(loaded, () => subjects.get(subject) === loaded && subjects.delete(subject))
    return loaded
  }

  return async (tenant: string, subject: string): Promise<RulesInForce> => {
    const version = source.readVersion(tenant)
    // Where the version is at hand, so is the answer: no turn of the event loop is lost.
    const current = typeof version === 'object' ? await version : version
    return rulesOf(tenant, subject, current)
  }
}

async function prepare(reading: Promise<Rule[]>): Promise<PreparedRules> {
  const rules = await reading
  return { rules, index: createRuleIndex(rules) }
}

const NO_RULES: PreparedRules = { rules: [], index: createRuleIndex([]) }

async function combine(
  org: Promise<PreparedRules>,
  reading: Promise<Rule[]> | null,
): Promise<RulesInForce> {
  const [shared, own] = await Promise.all([org, reading ? prepare(reading) : NO_RULES])
  return {
    rules: [...shared.rules, ...own.rules],
    decider: combineRules(shared.index, own.index),
  }
}

function forgetOnFailure(loading: Promise<unknown>, forget: () => void): void {
  loading.catch(forget)
}

function dropOldest<V>(map: Map<string, V>, sizeMax: number): void {
  if (map.size < sizeMax) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}

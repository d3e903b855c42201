import { randomUUID } from 'node:crypto'
import type { Handlers } from '@executor/bus'
import type { policy } from '@executor/contracts'
import type { HandlerDeps, PolicyDeps } from './deps.ts'
import { createRule } from './handlers/create-rule.ts'
import { decide } from './handlers/decide.ts'
import { explain } from './handlers/explain.ts'
import { listRules } from './handlers/list-rules.ts'
import { listTouchedRules } from './handlers/list-touched-rules.ts'
import { removeConnectionRules } from './handlers/remove-connection-rules.ts'
import { removeIntegrationRules } from './handlers/remove-integration-rules.ts'
import { removeRule } from './handlers/remove-rule.ts'
import { updateRule } from './handlers/update-rule.ts'

export type { PolicyDeps } from './deps.ts'

/** May this call run: the table of contents of this service. */
export function createPolicy(given: PolicyDeps): Handlers<typeof policy> {
  const deps: HandlerDeps = { newId: randomUUID, ...given }
  return {
    decide: decide(deps),
    explain: explain(deps),
    listRules: listRules(deps),
    listTouchedRules: listTouchedRules(deps),
    createRule: createRule(deps),
    updateRule: updateRule(deps),
    removeRule: removeRule(deps),
    removeIntegrationRules: removeIntegrationRules(deps),
    removeConnectionRules: removeConnectionRules(deps),
  }
}

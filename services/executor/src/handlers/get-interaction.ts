import type { Handler } from '@executor/bus'
import { type executor, ServiceError } from '@executor/contracts'
import type { HandlerDeps } from '../runs/engine.ts'
import { maySee } from '../runs/runs.ts'
import { toInteraction } from '../runs/translate.ts'

export function getInteraction({ store }: HandlerDeps): Handler<typeof executor.getInteraction> {
  return async ({ id }, { principal }) => {
    const row = await store.findInteraction(principal.tenant, id)
    if (row && maySee(principal, row.subject)) return toInteraction(row)
    throw new ServiceError('not_found', 'interaction_unknown', `Nothing is asked under "${id}".`)
  }
}

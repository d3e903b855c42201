import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { assertMayManage } from '../manage.ts'
import { refreshSource } from '../refresh.ts'

export function refreshIntegration(deps: CatalogDeps): Handler<typeof catalog.refreshIntegration> {
  return async ({ slug, input, force }, context) => {
    assertMayManage(context.principal)
    return refreshSource(deps, { slug, input, force, cause: 'hand' }, context)
  }
}

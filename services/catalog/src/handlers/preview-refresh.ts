import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { assertMayManage } from '../manage.ts'
import { previewRefresh as preview } from '../refresh.ts'

export function previewRefresh(deps: CatalogDeps): Handler<typeof catalog.previewRefresh> {
  return async (request, context) => {
    assertMayManage(context.principal)
    return preview(deps, request, context)
  }
}

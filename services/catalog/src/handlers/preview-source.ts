import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { toSourceContext } from '../source-context.ts'

export function previewSource({ sources }: CatalogDeps): Handler<typeof catalog.previewSource> {
  return ({ kind, input }, context) => sources.get(kind).preview(input, toSourceContext(context))
}

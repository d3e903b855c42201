import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'

export function previewSource({ sources }: CatalogDeps): Handler<typeof catalog.previewSource> {
  return ({ kind, input }, { principal, signal }) =>
    sources.get(kind).preview(input, { principal, signal })
}

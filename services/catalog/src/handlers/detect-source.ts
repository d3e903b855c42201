import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'

export function detectSource({ sources }: CatalogDeps): Handler<typeof catalog.detectSource> {
  return ({ input }, { principal, signal }) => sources.detect(input, { principal, signal })
}

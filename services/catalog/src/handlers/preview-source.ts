import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import type { CatalogDeps } from '../deps.ts'
import { expandPreset } from '../presets/expand-preset.ts'
import { toSourceContext } from '../source-context.ts'

export function previewSource({ sources }: CatalogDeps): Handler<typeof catalog.previewSource> {
  return async ({ kind, input }, context) => {
    const chosen = sources.get(kind)
    return chosen.preview(expandPreset(kind, input).input, toSourceContext(context))
  }
}

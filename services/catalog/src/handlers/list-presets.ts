import type { Handler } from '@executor/bus'
import type { catalog } from '@executor/contracts'
import { toPreset } from '../presets/preset.ts'
import { PRESETS } from '../presets/presets.ts'

/** In the order in which they are shown; the cursor is the kind and id last shown. */
export function listPresets(): Handler<typeof catalog.listPresets> {
  return async ({ query = '', kind, family, limit, cursor }) => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean)
    const wanted = PRESETS.filter((entry) => {
      const text = `${entry.id} ${entry.name} ${entry.summary} ${entry.family}`.toLowerCase()
      return (
        (kind === undefined || entry.kind === kind) &&
        (family === undefined || entry.family === family) &&
        words.every((word) => text.includes(word))
      )
    })
    const start =
      cursor === undefined ? 0 : wanted.findIndex((entry) => keyOf(entry) === cursor) + 1
    const page = wanted.slice(start, limit === undefined ? undefined : start + limit)
    const last = page.at(-1)
    const isMore = last !== undefined && last !== wanted.at(-1)
    return { items: page.map(toPreset), ...(isMore ? { nextCursor: keyOf(last) } : {}) }
  }
}

function keyOf({ kind, id }: { kind: string; id: string }): string {
  return `${kind}/${id}`
}

import { isObject, ownValue } from './json.ts'
import { formatPointer, pointerKeys } from './pointer.ts'
import { type Located, type SourceDocument, toAbsolute } from './source-document.ts'

/** Schemas of a document that name themselves. */
export interface Identified {
  /** `anchor:<name>` for `$anchor` and `$dynamicAnchor`, `id:<address>` for `$id`. */
  located: Map<string, Located>
  /** Schemas with a `$id`, each as what its references start from (JSON Schema 2020-12, 8.2.1). */
  resources: Map<unknown, SourceDocument>
}

interface Visit {
  value: unknown
  path: string[]
  /** The document, or the schema with a `$id`, that it belongs to. */
  owner: SourceDocument
}

/** Of a document, or of a schema in it that has a `$id`: then only what is its own. */
export function findIdentified(start: SourceDocument): Identified {
  const { document, pointer } = start.within ?? { document: start, pointer: '' }
  const found: Identified = { located: new Map(), resources: new Map() }
  const anchorsOfOthers = new Map<string, Located>()
  const schemas = ownValue(ownValue(start.root, 'components'), 'schemas')
  const pending: Visit[] = [
    isObject(schemas)
      ? { value: schemas, path: ['components', 'schemas'], owner: start }
      : { value: start.root, path: pointerKeys(pointer), owner: start },
  ]
  for (let visits = 0; pending.length > 0 && visits < VISITS_MAX; visits++) {
    const { value, path, owner: outer } = pending.pop() as Visit
    if (typeof value !== 'object' || value === null || path.length > DEPTH_MAX) continue
    let owner = outer
    if (isObject(value)) {
      const place = formatPointer(path)
      if (typeof value.$id === 'string' && value !== start.root) {
        const url = toAbsolute(value.$id, outer.url)
        const within = { document, pointer: place }
        owner = { url: url ?? outer.url, root: value, dialect: document.dialect, within }
        found.resources.set(value, owner)
        const located = { document, pointer: place, value, base: owner }
        for (const address of new Set([value.$id, url ?? value.$id]))
          found.located.set(`id:${address}`, located)
      }
      const anchors = owner === start ? found.located : anchorsOfOthers
      for (const name of [value.$anchor, value.$dynamicAnchor]) {
        const key = `anchor:${String(name)}`
        if (typeof name !== 'string' || anchors.has(key)) continue
        anchors.set(key, { document, pointer: place, value, base: owner })
      }
    }
    const entries = Object.entries(value)
    for (const [key, child] of entries.reverse())
      pending.push({ value: child, path: [...path, key], owner })
  }
  // Read to the letter, another's anchor is out of reach; where there is no other, it is meant.
  for (const [key, located] of anchorsOfOthers)
    if (!found.located.has(key)) found.located.set(key, located)
  return found
}
const VISITS_MAX = 1_000_000
const DEPTH_MAX = 64
